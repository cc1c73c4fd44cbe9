import 'reflect-metadata';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { recordDecorated } from './decorated.js';
import { requireModule } from './requires-module.js';

type Decorator = (
  target: object,
  method?: string | symbol,
  descriptor?: PropertyDescriptor,
) => void;

/**
 * Creates a decorator that stores its metadata in two places. The first place is the class's prototype, under the
 * *name* of the method, since another decorator may replace the method by a wrapper without metadata. The
 * second place is the function itself, since a mixin copies the function to another class.
 *
 * @throws McpAuthConfigurationError at decoration, on members that Nest never calls: a static method, an
 * accessor, a property, or a method with a symbol as its name
 */
export function decorateWith<T>(
  key: symbol,
  change: (earlier: T | undefined, target: object, method: string | symbol | undefined) => T,
): ClassDecorator & MethodDecorator {
  const decorate: Decorator = (target, method, descriptor) => {
    const implementation: unknown =
      descriptor === undefined ? functionOf(target, method) : descriptor.value;
    assertNamedMethod(target, method, implementation);
    const [earlier] =
      method === undefined
        ? [ownMetadata(key, target)]
        : [ownMetadata(key, target, method), carriedMetadata(key, implementation)].filter(isGiven);
    const value = change(earlier as T | undefined, target, method);
    if (method === undefined) {
      Reflect.defineMetadata(key, value, target);
    } else {
      Reflect.defineMetadata(key, value, target, method);
    }
    if (typeof implementation === 'function') {
      Reflect.defineMetadata(key, value, implementation);
    }
    recordDecorated(target, method, implementation);
    requireModule(method === undefined ? target : target.constructor, implementation);
  };
  return decorate;
}

/** Returns the metadata of this class or method itself, not of a class that it extends or a method that it overrides. */
export function ownMetadata(key: symbol, target: object, method?: string | symbol): unknown {
  return method === undefined
    ? Reflect.getOwnMetadata(key, target)
    : Reflect.getOwnMetadata(key, target, method);
}

/**
 * Returns the metadata of a prototype's own method: first what is stored under the name of the method, then
 * what is stored on its function, which may have been mixed in from another class.
 */
export function methodMetadata(key: symbol, prototype: object, method: string): unknown[] {
  const carried = carriedMetadata(key, Object.getOwnPropertyDescriptor(prototype, method)?.value);
  return [...new Set([ownMetadata(key, prototype, method), carried])].filter(isGiven);
}

function carriedMetadata(key: symbol, implementation: unknown): unknown {
  return typeof implementation === 'function'
    ? Reflect.getOwnMetadata(key, implementation)
    : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

function functionOf(target: object, method: string | symbol | undefined): unknown {
  return method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method)?.value;
}

function assertNamedMethod(
  target: object,
  method: string | symbol | undefined,
  implementation: unknown,
): void {
  if (method === undefined) {
    return;
  }
  if (typeof target === 'function') {
    throw neverCalled(`the static method ${target.name}.${String(method)}`);
  }
  const name = `${target.constructor.name}.${String(method)}`;
  if (typeof implementation !== 'function') {
    throw neverCalled(`the accessor or property ${name}`);
  }
  if (typeof method === 'symbol') {
    throw neverCalled(`the method ${name}`);
  }
}

function neverCalled(what: string): McpAuthConfigurationError {
  return new McpAuthConfigurationError(
    `A decorator of nestjs-mcp-auth is on ${what}, which Nest never calls; put it on a handler.`,
  );
}

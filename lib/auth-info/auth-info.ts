import { createParamDecorator, type PipeTransform, type Type } from '@nestjs/common';
import { currentAuthInfo } from './auth-info.context.js';
import { callerOf } from './caller-of.js';
import { requireModule } from '../handler/requires-module.js';
import { MEMBERS, type Caller } from './caller.js';

/** The caller: the user or client, and what the access token allows. Frozen. */
// An interface, not an alias: the compiler then emits the constant of this name as injection token.
export interface AuthInfo extends Caller {}

type Pipe = Type<PipeTransform> | PipeTransform;

interface AuthInfoDecorator {
  /** Injects the caller or one of its members, or `undefined` if there is no authenticated caller. */
  (...pipes: Pipe[]): ParameterDecorator;
  (member: keyof AuthInfo, ...pipes: Pipe[]): ParameterDecorator;
  /** Makes the name a class for the compiler, which then emits it as an injection token. */
  new (): AuthInfo;
}

const parameter = createParamDecorator((member: keyof AuthInfo | undefined, context) => {
  const authInfo = callerOf(context);
  return member === undefined ? authInfo : authInfo?.[member];
});

function decorate(this: unknown, ...args: (keyof AuthInfo | Pipe)[]): unknown {
  if (this instanceof decorate) {
    return undefined;
  }
  const inject = parameter(...(args as [keyof AuthInfo]));
  const decorator: ParameterDecorator = (target, ...at) => {
    inject(target, ...at);
    requireModule(typeof target === 'function' ? target : target.constructor);
  };
  return decorator;
}

/**
 * `ValidationPipe({ validateCustomDecorators: true })` creates an instance of the parameter's type and copies
 * the value onto it, except members that are read-only. The members defined here are read-only, so the
 * instance reads the current caller.
 */
for (const member of MEMBERS) {
  Object.defineProperty(decorate.prototype, member, { get: () => currentAuthInfo()?.[member] });
}

/**
 * The current caller. One name for three things:
 *
 * - the type;
 * - a parameter decorator, `@AuthInfo() caller: AuthInfo` or `@AuthInfo('subject') owner: string`;
 * - an injection token, `constructor(private readonly authInfo: AuthInfo)`: a singleton whose members are
 *   always those of the current request's caller. Reading a member without an authenticated caller throws
 *   {@link NoAuthInfoError}. Check `'token' in authInfo` first.
 *
 * Import it as a value, never with `import type`.
 */
export const AuthInfo = Object.defineProperty(decorate, 'name', {
  value: 'AuthInfo',
}) as unknown as AuthInfoDecorator;

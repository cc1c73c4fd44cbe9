import type { Type } from '@nestjs/common';
import type { Method } from '../../handler/handler.js';

/** The keys of Nest's metadata of routes. */
const PATH = 'path';
const HOST = 'host';
const VERSION = '__version__';
/**
 * The key under which `RouterModule` stores the prefix of a module. The id of the application may follow it.
 */
export const MODULE_PATH = '__module_path__';

/** The route of a handler. The handler answers at every combination of a path, a host and a version. */
export interface HttpRoute {
  readonly paths: readonly string[];
  /** The hosts. Empty if the handler answers at any host. The same applies to `versions`. */
  readonly hosts: readonly unknown[];
  readonly versions: readonly unknown[];
}

/**
 * Reads the route of a handler from the metadata of Nest's decorators. `prefix` is the prefix of its module.
 */
export function httpRouteOf(type: Type, method: Method, prefix: unknown): HttpRoute {
  const paths = listOf(Reflect.getMetadata(PATH, type)).flatMap((ofClass) =>
    listOf(Reflect.getMetadata(PATH, method)).map((ofMethod) =>
      shapeOf([prefix, ofClass, ofMethod]),
    ),
  );
  const version: unknown =
    Reflect.getMetadata(VERSION, method) ?? Reflect.getMetadata(VERSION, type) ?? [];
  return { paths, hosts: listOf(Reflect.getMetadata(HOST, type) ?? []), versions: listOf(version) };
}

/**
 * Returns `true` if both routes have the same path, and could match the same host and version. A parameter
 * does **not** equal a literal segment. The HTTP methods are not compared.
 */
export function haveCommonPath(a: HttpRoute, b: HttpRoute): boolean {
  return (
    a.paths.some((path) => b.paths.includes(path)) &&
    overlap(a.hosts, b.hosts) &&
    overlap(a.versions, b.versions)
  );
}

function overlap(a: readonly unknown[], b: readonly unknown[]): boolean {
  return (
    a.length === 0 ||
    b.length === 0 ||
    a.some((one) => isOpen(one) || b.some((other) => isOpen(other) || one === other))
  );
}

/** Returns `true` for values that may match any other: a pattern, or Nest's symbol for any version. */
function isOpen(value: unknown): boolean {
  return typeof value !== 'string' || value.includes(':');
}

/**
 * Returns a path in the form in which paths are compared. By default, Express ignores case and a trailing
 * slash. Fastify does not, so there two different paths may count as one. The names of parameters make no
 * difference.
 */
function shapeOf(parts: readonly unknown[]): string {
  return parts
    .flatMap((part) => (typeof part === 'string' ? part.split('/') : []))
    .filter(Boolean)
    .map((segment) => (segment.startsWith(':') ? ':' : segment.toLowerCase()))
    .join('/');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

import type { Type } from '@nestjs/common';
import type { Method } from '../../handler/handler.js';

/** The keys of Nest's own metadata. */
const PATH = 'path';
const HOST = 'host';
const VERSION = '__version__';
/** Where `RouterModule` leaves a module's prefix, followed by the application's id. */
export const MODULE_PATH = '__module_path__';

/** Where a handler is mounted: every combination of these answers. */
export interface HttpRoute {
  readonly paths: readonly string[];
  /** None where it answers at any host, or for any version. */
  readonly hosts: readonly unknown[];
  readonly versions: readonly unknown[];
}

/** Reads a handler's route from what Nest's decorators left; `prefix` is that of its module. */
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

/** Whether some request could be for either, its HTTP method apart. */
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

/** A pattern, or Nest's symbol for any version, may be the same as anything. */
function isOpen(value: unknown): boolean {
  return typeof value !== 'string' || value.includes(':');
}

/** Routers ignore a slash at the end, and case, unless told otherwise; a parameter's name is no difference. */
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

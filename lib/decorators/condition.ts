import type { Type } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import type { TokenMismatch } from '../errors/token-mismatch.js';
import { decorateWith, methodMetadata, ownMetadata } from '../handler/handler-metadata.js';
import { lineage } from '../handler/lineage.js';

const CONDITIONS = Symbol.for('nestjs-mcp-auth:conditions');

/** A condition that a caller must meet, besides its scopes. */
export interface Condition {
  /** The decorator that adds the condition, as it appears in messages. */
  readonly decorator: '@RequireAuth()' | '@RequireClaims()';
  readonly isMet: (authInfo: AuthInfo, request: never) => unknown;
  /** Returns the claim that does not meet the requirement, if the condition is about claims. */
  readonly explain?: (authInfo: AuthInfo) => TokenMismatch | undefined;
}

/** Adds conditions to those of the class or the method, in the order in which they are written. */
export function addConditions(conditions: readonly Condition[]): ClassDecorator & MethodDecorator {
  // Decorators run from the last to the first, so these conditions come before the conditions already stored.
  return decorateWith<readonly Condition[]>(CONDITIONS, (later = []) => [...conditions, ...later]);
}

/** Returns all conditions of a class and the classes that it extends. */
export function classConditions(controller: Type): readonly Condition[] {
  return lineage(controller).flatMap(
    (type) => (ownMetadata(CONDITIONS, type) ?? []) as Condition[],
  );
}

/** Returns all conditions of a method and the methods that it overrides. */
export function methodConditions(controller: Type, method: string): readonly Condition[] {
  const all = lineage(controller).flatMap(({ prototype }) =>
    methodMetadata(CONDITIONS, prototype as object, method),
  );
  return [...new Set((all as (readonly Condition[])[]).flat())];
}

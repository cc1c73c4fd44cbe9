import 'reflect-metadata';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { scopeTokenProblem } from './scope-token.js';

const REQUIRED_SCOPES = Symbol('nestjs-mcp-auth:required-scopes');

/**
 * The handler, or every handler of the controller, needs a token with **all** of these scopes; else
 * the guard answers 403 `insufficient_scope`, naming all that the handler needs (RFC 6750, section
 * 3.1).
 *
 * Scopes add up: those of the controller, of the class it extends, and of the handler.
 *
 * @throws McpAuthConfigurationError at decoration, without a scope or with something that is none
 *
 * @example
 * ```ts
 * import { Controller, Get, Post } from '@nestjs/common';
 * import { RequireScopes } from 'nestjs-mcp-auth';
 *
 * @Controller('notes')
 * @RequireScopes('read:notes')
 * export class NotesController {
 *   @Get() list() {}
 *   @Post() @RequireScopes('write:notes') create() {} // needs both
 * }
 * ```
 */
export function RequireScopes(...scopes: [string, ...string[]]): ClassDecorator & MethodDecorator {
  assertScopes(scopes);
  return (target: object, _method?: string | symbol, descriptor?: PropertyDescriptor) => {
    const subject = (descriptor?.value ?? target) as object;
    const all = new Set([...requiredScopes(subject), ...scopes]);
    Reflect.defineMetadata(REQUIRED_SCOPES, [...all], subject);
  };
}

/** The scopes that a class, with those it extends, or a method was decorated with. */
export function requiredScopes(subject: object): readonly string[] {
  return (Reflect.getMetadata(REQUIRED_SCOPES, subject) as string[] | undefined) ?? [];
}

function assertScopes(scopes: readonly unknown[]): void {
  if (scopes.length === 0) {
    throw new McpAuthConfigurationError('@RequireScopes() names no scope; name at least one.');
  }
  for (const scope of scopes) {
    const problem = scopeTokenProblem(scope);
    if (problem !== undefined) {
      throw new McpAuthConfigurationError(
        `@RequireScopes(): each scope ${problem} (given: ${JSON.stringify(scope)}).`,
      );
    }
  }
}

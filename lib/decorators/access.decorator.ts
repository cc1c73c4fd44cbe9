import type { Type } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { decorateWith, methodMetadata, ownMetadata } from '../handler/handler-metadata.js';
import { definingClass } from '../handler/lineage.js';

const ACCESS = Symbol.for('nestjs-mcp-auth:access');

/** An exception to the rule that every request to a handler needs a valid token. */
export type Access = 'public' | 'optional';

/**
 * Opens this handler, or every handler of this controller, to everyone: it is **not protected**. A token
 * that is sent is ignored, and there is no {@link AuthInfo}.
 *
 * A decorator of the handler overrides the decorator of the controller. Classes that extend the controller, and
 * methods that override the handler, do **not** inherit the decorator.
 *
 * @throws McpAuthConfigurationError at decoration, together with `@OptionalAuth()`, or on a member that Nest never
 * calls
 */
export function Public(): ClassDecorator & MethodDecorator {
  return setAccess('public');
}

/**
 * Makes the token optional for this handler, or for every handler of this controller. An anonymous caller
 * has no {@link AuthInfo}. A request with a token that is not valid, or lacks a required scope, is still
 * rejected. An anonymous caller is rejected if the handler has a condition, if an MCP operation needs scopes of
 * its own, or if this decorator is on the controller and `@RequireScopes()` on the handler.
 *
 * A decorator of the handler overrides the decorator of the controller. Classes that extend the controller, and
 * methods that override the handler, do **not** inherit the decorator.
 *
 * @throws McpAuthConfigurationError at decoration, together with `@Public()`, or on a member that Nest never calls
 */
export function OptionalAuth(): ClassDecorator & MethodDecorator {
  return setAccess('optional');
}

/**
 * Returns the access of a method, from the class that defines it. The name of the method and its function
 * may declare different access, for example if a mixin replaced the function. The stricter access then applies.
 */
export function methodAccess(controller: Type, method: string): Access | undefined {
  const prototype = definingClass(controller, method).prototype as object;
  const declared = methodMetadata(ACCESS, prototype, method) as Access[];
  return declared.find((access) => access !== 'public') ?? declared[0];
}

/** Returns the access of a class from its own decorator. */
export function classAccess(controller: Type): Access | undefined {
  return ownMetadata(ACCESS, controller) as Access | undefined;
}

function setAccess(access: Access): ClassDecorator & MethodDecorator {
  return decorateWith<Access>(ACCESS, (earlier, _target, method) => {
    if (earlier !== undefined && earlier !== access) {
      const subject = method === undefined ? 'class' : `method "${String(method)}"`;
      throw new McpAuthConfigurationError(
        `@Public() and @OptionalAuth() are both on the ${subject}; remove one of them.`,
      );
    }
    return access;
  });
}

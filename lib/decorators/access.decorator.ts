import type { Type } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { decorateWith, methodMetadata, ownMetadata } from '../handler/handler-metadata.js';
import { definingClass } from '../handler/lineage.js';

const ACCESS = Symbol.for('nestjs-mcp-auth:access');

/** Who is let in besides the bearers of a valid token. */
export type Access = 'public' | 'optional';

/**
 * No token is asked for on this handler, or on every handler of this controller. One that is sent is
 * not looked at, and there is no {@link AuthInfo}.
 *
 * The handler's own decorator wins over the controller's. Neither a class that extends the controller
 * nor a method that overrides the handler inherits it.
 */
export function Public(): ClassDecorator & MethodDecorator {
  return setAccess('public');
}

/**
 * A token is welcome on this handler, or on every handler of this controller, but not asked for: an
 * anonymous caller has no {@link AuthInfo}. A token that is not valid, or lacks a required scope, is
 * refused all the same.
 *
 * The handler's own decorator wins over the controller's. Neither a class that extends the controller
 * nor a method that overrides the handler inherits it.
 */
export function OptionalAuth(): ClassDecorator & MethodDecorator {
  return setAccess('optional');
}

/**
 * What a method was decorated with, where it is defined. A function that was mixed in in its place may say
 * otherwise: then the stricter of the two holds.
 */
export function methodAccess(controller: Type, method: string): Access | undefined {
  const prototype = definingClass(controller, method).prototype as object;
  const said = methodMetadata(ACCESS, prototype, method) as Access[];
  return said.find((access) => access !== 'public') ?? said[0];
}

/** What a class was decorated with itself. */
export function classAccess(controller: Type): Access | undefined {
  return ownMetadata(ACCESS, controller) as Access | undefined;
}

function setAccess(access: Access): ClassDecorator & MethodDecorator {
  return decorateWith<Access>(ACCESS, (earlier, _target, method) => {
    if (earlier !== undefined && earlier !== access) {
      const subject = method === undefined ? 'class' : `method "${String(method)}"`;
      throw new McpAuthConfigurationError(
        `@Public() and @OptionalAuth() stand on the same ${subject}; remove one of them.`,
      );
    }
    return access;
  });
}

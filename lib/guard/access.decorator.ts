import 'reflect-metadata';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

const ACCESS = Symbol('nestjs-mcp-auth:access');

/** Who is let in besides the bearers of a valid token. */
export type Access = 'public' | 'optional';

/**
 * No token is asked for on this handler, or on every handler of this controller. One that is sent is
 * not looked at, and there is no {@link AuthInfo}.
 *
 * The handler's own decorator wins over the controller's.
 */
export function Public(): ClassDecorator & MethodDecorator {
  return setAccess('public');
}

/**
 * A token is welcome on this handler, or on every handler of this controller, but not asked for: an
 * anonymous caller has no {@link AuthInfo}. A token that is not valid, or lacks a required scope, is
 * refused all the same.
 *
 * The handler's own decorator wins over the controller's.
 */
export function OptionalAuth(): ClassDecorator & MethodDecorator {
  return setAccess('optional');
}

/** What a class or a method was decorated with. */
export function declaredAccess(subject: object): Access | undefined {
  return Reflect.getMetadata(ACCESS, subject) as Access | undefined;
}

function setAccess(access: Access): ClassDecorator & MethodDecorator {
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor) => {
    const subject = (descriptor?.value ?? target) as object;
    if (Reflect.hasOwnMetadata(ACCESS, subject) && declaredAccess(subject) !== access) {
      throw new McpAuthConfigurationError(
        `@Public() and @OptionalAuth() stand on the same ${method === undefined ? 'class' : `method "${String(method)}"`}; remove one of them.`,
      );
    }
    Reflect.defineMetadata(ACCESS, access, subject);
  };
}

import { createParamDecorator, type PipeTransform, type Type } from '@nestjs/common';
import { currentAuthInfo } from './auth-info.context.js';
import { callerOf } from './caller-of.js';
import { requireModule } from '../handler/requires-module.js';
import { MEMBERS, type Caller } from './caller.js';

/** Who is calling, by which client, and what the access token allows. Frozen. */
// An interface, not an alias: the compiler then emits the constant of this name as injection token.
export interface AuthInfo extends Caller {}

type Pipe = Type<PipeTransform> | PipeTransform;

interface AuthInfoDecorator {
  /** Injects the caller: all of it, or one member; nothing if the caller is anonymous. */
  (...pipes: Pipe[]): ParameterDecorator;
  (member: keyof AuthInfo, ...pipes: Pipe[]): ParameterDecorator;
  /** Makes the name a class to the compiler, so that it is emitted as an injection token. */
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
 * `ValidationPipe({ validateCustomDecorators: true })` makes an instance of a parameter's type and
 * copies the value onto it, but for members that it finds read-only: the instance reads the caller.
 */
for (const member of MEMBERS) {
  Object.defineProperty(decorate.prototype, member, { get: () => currentAuthInfo()?.[member] });
}

/**
 * The current caller. One name for three things:
 *
 * - the type;
 * - a parameter decorator, `@AuthInfo() caller: AuthInfo` or `@AuthInfo('subject') owner: string`;
 * - an injection token, `constructor(private readonly authInfo: AuthInfo)`: a singleton whose
 *   members are always those of the request being handled. Reading one where there is no
 *   authenticated caller throws {@link NoAuthInfoError}; `'token' in authInfo` tells beforehand.
 *
 * Import it as a value, never with `import type`.
 */
export const AuthInfo = Object.defineProperty(decorate, 'name', {
  value: 'AuthInfo',
}) as unknown as AuthInfoDecorator;

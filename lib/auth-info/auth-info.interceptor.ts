import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { runAs } from './auth-info.context.js';
import type { Caller } from './caller.js';

/** By the arguments of one call of a handler: they are the guard's and the interceptor's alike. */
const callers = new WeakMap<readonly unknown[], Caller>();

/** Tells {@link AuthInfoInterceptor} for whom the handler is about to be called. */
export function handOver(context: ExecutionContext, caller: Caller): void {
  callers.set(context.getArgs(), caller);
}

/**
 * Lets the pipes, the handler and all that they start see the caller that the guard found, where the
 * call is no HTTP request: a resolver, a gateway, a microservice. Each call has a store of its own.
 *
 * The module binds it globally in applications that have such handlers. Bind it yourself
 * (`@UseInterceptors(AuthInfoInterceptor)`) where no global interceptor comes: in a microservice of a
 * hybrid application without `inheritAppConfig`.
 */
@Injectable()
export class AuthInfoInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      return next.handle();
    }
    const caller = callers.get(context.getArgs());
    return new Observable((subscriber) => runAs(caller, () => next.handle().subscribe(subscriber)));
  }
}

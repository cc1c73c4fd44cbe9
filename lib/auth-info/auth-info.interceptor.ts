import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { runInStore } from './auth-info.context.js';
import { openStoreOfCall } from './call-stores.js';

/**
 * Runs everything after it, finally the handler with its pipes, in the store of its own call. Another
 * interceptor (a queue, a batch, a timer) may have moved the call into the context of another call.
 *
 * The module binds it innermost, around the handler itself, wherever something can run between the guard
 * and the handler. It also binds it outermost, for the application's own interceptors, if there are
 * resolvers, gateways or message handlers.
 *
 * Bind it yourself (`@UseInterceptors(AuthInfoInterceptor)`) if your interceptors ask for the caller where
 * no global interceptor runs: on gateways before Nest 12, and in a microservice of a hybrid application
 * without `inheritAppConfig`.
 */
@Injectable()
export class AuthInfoInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const store = openStoreOfCall(context);
    // The subscription enters the store, because an observable runs in the context that subscribes to it, not
    // in the one that made it.
    return new Observable((subscriber) =>
      runInStore(store, () => next.handle().subscribe(subscriber)),
    );
  }
}

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
 * Runs what comes after it, the handler with its pipes at last, in the store of its own call. Another
 * interceptor may have moved the call into the context of another one: a queue, a batch, a timer.
 *
 * The module binds it innermost, around the handler itself, wherever something can come between the
 * guard and the handler; and outermost, for the application's own interceptors, where there are
 * resolvers, gateways or message handlers. Bind it yourself (`@UseInterceptors(AuthInfoInterceptor)`)
 * where interceptors of yours ask for the caller and no global interceptor comes: on gateways before
 * Nest 12, and in a microservice of a hybrid application without `inheritAppConfig`.
 */
@Injectable()
export class AuthInfoInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const store = openStoreOfCall(context);
    // Within the subscription: an observable runs where it is subscribed to, not where it was made.
    return new Observable((subscriber) =>
      runInStore(store, () => next.handle().subscribe(subscriber)),
    );
  }
}

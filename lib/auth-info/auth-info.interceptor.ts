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
 * Runs the later interceptors, the pipes and the handler of a call in the store of that call. An earlier
 * interceptor (a queue, a batch, a timer) may have moved the call into the context of another call.
 *
 * The module binds this interceptor innermost, around the handler itself, wherever other interceptors can run
 * between the guard and the handler. If there are resolvers, gateways or message handlers, the module also
 * binds it outermost, for the application's own interceptors.
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
    // in the context that created it.
    return new Observable((subscriber) =>
      runInStore(store, () => next.handle().subscribe(subscriber)),
    );
  }
}

import { logRejection } from '../challenge/rejection-log.js';
import { toRejection } from '../challenge/to-rejection.js';
import { inStepUpForm } from '../mcp/step-up/tool-result-step-up.js';
import type { Exchange } from './exchange.js';
import { rejectionsFor } from './rejections-for.js';
import { warnOfUnparsedBody } from './unparsed-body.js';

/** Returns the rejection for an error, and logs it. */
export function rejectionOf(error: Error, exchange: Exchange): Error {
  const { request, policy, handlerName } = exchange;
  const rejections = rejectionsFor(error, exchange);
  const rejection = toRejection(error, rejections);
  logRejection(rejection, request, policy.resource, handlerName);
  warnOfUnparsedBody(rejection, exchange);
  return inStepUpForm(rejection, rejections, exchange);
}

import { logRejection } from '../challenge/rejection-log.js';
import { toRejection } from '../challenge/to-rejection.js';
import { inStepUpForm } from '../mcp/step-up/tool-result-step-up.js';
import { assertionIn } from './credentials.js';
import type { Exchange } from './exchange.js';
import { rejectionsFor } from './rejections-for.js';
import { warnOfUnparsedBody } from './unparsed-body.js';

/** Returns the rejection for an error, and logs it. */
export function rejectionOf(error: Error, exchange: Exchange): Error {
  const { request, policy, handlerName, token } = exchange;
  const rejections = rejectionsFor(error, exchange);
  const rejection = toRejection(error, rejections);
  const assertion = assertionIn(token, policy.resource);
  logRejection(rejection, request, policy.resource, handlerName, assertion);
  warnOfUnparsedBody(rejection, exchange);
  return inStepUpForm(rejection, rejections, exchange);
}

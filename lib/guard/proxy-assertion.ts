import { getOrMake } from '../cache/get-or-make.js';
import { InvalidRequestError } from '../errors/invalid-request.error.js';
import { log } from '../log/log.js';
import { OriginPolicy } from '../mcp/origin-policy.js';
import { isFromProxy, untrustedSender } from '../possession/trusted-proxies.js';
import type { ProxyAssertionPolicy } from '../protected-resource/protected-resource.js';
import type { CredentialsSource } from '../transport/authenticated-request.js';

/** The greatest number of different warnings. Each contains an address, so their number would have no limit. */
const MAX_REPORTS = 20;

const origins = new WeakMap<ProxyAssertionPolicy, OriginPolicy>();
/** The senders for which a warning was logged. */
const reports = new WeakMap<ProxyAssertionPolicy, Set<string>>();

/**
 * Reads the assertion of a proxy from its header field. Returns `undefined` if the request has no such field. The
 * characters of the assertion are not checked. Node joins two fields of this name with a comma, which no token
 * has.
 *
 * @throws InvalidRequestError if another sender than the proxy sent it
 * @throws AccessDeniedException if a page of another origin sent the request: the proxy adds the assertion to
 * whatever the browser of a logged-in user sends
 */
export function readAssertion(
  request: CredentialsSource,
  policy: ProxyAssertionPolicy,
): string | undefined {
  const assertion = request.headers[policy.header];
  if (assertion === undefined) {
    return undefined;
  }
  assertSender(request, policy);
  getOrMake(origins, policy, () => new OriginPolicy(policy.resource)).assertAllowed(
    request.headers,
  );
  return String(assertion);
}

function assertSender(request: CredentialsSource, policy: ProxyAssertionPolicy): void {
  const { header, trustedProxies } = policy;
  if (trustedProxies === undefined || isFromProxy(request, trustedProxies)) {
    return;
  }
  const sender = untrustedSender(request, trustedProxies);
  const reported = getOrMake(reports, policy, () => new Set<string>());
  if (!reported.has(sender) && reported.size < MAX_REPORTS) {
    reported.add(sender);
    log.warn(`A request was rejected: its header "${header}" came from ${sender}.`);
  }
  throw new InvalidRequestError('The assertion of a proxy did not come from that proxy.');
}

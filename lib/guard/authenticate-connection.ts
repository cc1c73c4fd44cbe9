import { InternalServerErrorException } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import {
  BearerAuthException,
  TemporarilyUnavailableException,
} from '../challenge/bearer-auth.exception.js';
import { logRejection } from '../challenge/rejection-log.js';
import { toRejection } from '../challenge/to-rejection.js';
import { AuthorizationServerUnavailableError } from '../errors/authorization-server.error.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { MissingTokenError } from '../errors/missing-token.error.js';
import { messageOf, toError } from '../errors/to-error.js';
import { moduleProvider } from '../handler/module-provider.js';
import type { ProviderSource } from '../handler/provider-source.js';
import { log } from '../log/log.js';
import { rejectionsAt } from '../policy/access-policy.js';
import { Possession } from '../possession/possession.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import type { CredentialsSource } from '../transport/authenticated-request.js';
import { rejectionDetails } from '../transport/rejection-details.js';
import { RevocationList } from '../verification/revocation/revocation-list.js';
import { assertionIn, readToken, type PresentedToken } from './credentials.js';
import { PresentedTokenVerifier } from './presented-token-verifier.js';
import type { ObservedRequest } from './request-events.js';
import { RequestObserver } from './request-observer.js';

const NO_SCOPES = { fixed: [], computed: [] };
/** The name of this function in logs and events. */
const NAME = 'authenticateConnection()';

/**
 * Verifies the access token of a WebSocket handshake before the connection is accepted, so that a client
 * without a valid token receives no broadcast. Call it in a middleware of socket.io (`server.use()`), or in
 * `verifyClient` of `ws`.
 *
 * It reads the token from the `Authorization` header of `request`, and accepts the tokens that the guard accepts
 * for a message. It rejects sender-constrained tokens, and every token where `dpop` is `'required'`, because a
 * handshake does not prove possession of a key. It checks **no** scopes and **no** conditions: the guard
 * checks them at each message. It does **not** end the connection when the token expires. The caller's
 * `expiresAt` has that time.
 *
 * @param app - the application, or a `ModuleRef`
 * @param request - the request of the handshake, or any object with its `headers`
 * @param resource - the identifier of the protected resource; optional if there is only one resource. For a
 * tenant, write the tenant's name in place of `{tenant}`
 * @returns the caller
 * @throws BearerAuthException if the token is rejected or missing, or cannot be checked at the moment. It has
 * the HTTP status, the header fields, and as `data` the details that socket.io sends to the client
 * @throws InternalServerErrorException for anything else, such as an unknown resource or tenant; the reason
 * is logged
 *
 * @example
 * ```ts
 * import { ModuleRef } from '@nestjs/core';
 * import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
 * import { authenticateConnection } from 'nestjs-mcp-auth';
 * import type { Server } from 'socket.io';
 *
 * @WebSocketGateway()
 * export class NotesGateway implements OnGatewayInit {
 *   constructor(private readonly moduleRef: ModuleRef) {}
 *
 *   afterInit(server: Server) {
 *     server.use((socket, next) => {
 *       authenticateConnection(this.moduleRef, socket.request).then(() => next(), next);
 *     });
 *   }
 * }
 * ```
 */
export async function authenticateConnection(
  app: ProviderSource,
  request: CredentialsSource,
  resource?: string,
): Promise<AuthInfo> {
  try {
    const resources = moduleProvider(app, ProtectedResourceRegistry, NAME);
    return await authenticate(app, request, await resourceNamed(resource, resources));
  } catch (error) {
    throw withData(error);
  }
}

async function authenticate(
  app: ProviderSource,
  request: CredentialsSource,
  resource: ProtectedResource,
): Promise<AuthInfo> {
  const verifier = app.get(PresentedTokenVerifier, { strict: false });
  const revocations = app.get(RevocationList, { strict: false });
  const possession = app.get(Possession, { strict: false });
  const observer = app.get(RequestObserver, { strict: false });
  const startedAt = performance.now();
  let token: PresentedToken | undefined;
  let caller: AuthInfo | undefined;
  try {
    token = readToken(request, resource);
    if (token === undefined) {
      throw new MissingTokenError();
    }
    caller = verifier.getCached(token) ?? (await verifier.verify(token));
    await revocations.assertNotRevoked(caller);
    if (possession.isNeeded(caller, token)) {
      await possession.prove(caller, token, request);
    }
    observer.accepted(() => observed(resource, caller, startedAt));
    return caller;
  } catch (error) {
    const { authorization } = request.headers;
    const rejections = rejectionsAt(resource, NO_SCOPES).answering(authorization);
    const rejection = toRejection(toError(error), rejections);
    const assertion = assertionIn(token, resource);
    logRejection(rejection, request, resource, NAME, assertion);
    observer.rejected(() => observed(resource, caller, startedAt), toError(error), rejection);
    throw rejection;
  }
}

function observed(
  { resource }: ProtectedResource,
  caller: AuthInfo | undefined,
  startedAt: number,
): ObservedRequest {
  return { resource, handler: NAME, transport: 'ws', body: undefined, caller, startedAt };
}

async function resourceNamed(
  identifier: string | undefined,
  resources: ProtectedResourceRegistry,
): Promise<ProtectedResource> {
  const [only, ...others] = resources.all;
  const found =
    identifier === undefined
      ? only
      : (resources.get(identifier) ?? (await resources.ofTenant(identifier)));
  const isAmbiguous = identifier === undefined && others.length > 0;
  if (found === undefined || found.tenants !== undefined || isAmbiguous) {
    const known = resources.all.map(({ resource }) => resource).join(', ');
    const hasTenants = resources.all.some(({ tenants }) => tenants !== undefined);
    throw new McpAuthConfigurationError(
      `${NAME} was given ${identifier === undefined ? 'no resource' : `the resource ${identifier}`}; give it one of ${known}${hasTenants ? ', with the name of a tenant in place of {tenant}' : ''}.`,
    );
  }
  return found;
}

/**
 * Adds `data` to a rejection, because socket.io sends the `message` and the `data` of an error to the
 * client. A tenant that cannot be looked up now is a 503. Any other error is logged and becomes a 500.
 */
function withData(error: unknown): Error {
  if (error instanceof AuthorizationServerUnavailableError) {
    return withData(new TemporarilyUnavailableException(error.retryAfter, error));
  }
  if (error instanceof BearerAuthException) {
    return Object.assign(error, { data: rejectionDetails(error) });
  }
  log.error(`${NAME}: ${messageOf(error)}`);
  return new InternalServerErrorException();
}

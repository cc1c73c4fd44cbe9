import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { currentResponse, isCurrentRequest } from '../auth-info/auth-info.context.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { certificateProblem } from '../client-certificate/certificate-problem.js';
import { certificateThumbprint } from '../client-certificate/client-certificate.js';
import type { ClientCertificatePolicy } from '../client-certificate/client-certificate-policy.js';
import { DpopProofs } from '../dpop/dpop-proofs.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { log } from '../log/log.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { NodeRequest } from './authenticated-request.js';
import { confirmationOf } from './confirmation.js';
import { nodeResponse } from './node-exchange.js';
import { EXPOSE_HEADERS, setExposedHeaders } from './refusal.js';

/** Different reports in the life of the process: some name an address or a certificate. */
const MAX_REPORTS = 20;

/** Decides whether the sender of a request is the one that its token is bound to. */
@Injectable()
export class Possession {
  private readonly reported = new Set<string>();

  constructor(
    private readonly dpop: DpopProofs,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Nothing is to be proved of a plain token where plain tokens are welcome. */
  isNeeded({ claims }: AuthInfo, isDpop: boolean, { dpop }: ProtectedResource): boolean {
    return claims.cnf !== undefined || isDpop || dpop.mode === 'required';
  }

  /**
   * The caller, once the request has proved possession of all that the token is bound to.
   *
   * @throws InvalidTokenError, InvalidDpopProofError, DpopNonceRequiredError, StateStoreUnavailableError
   */
  async prove(
    caller: AuthInfo,
    isDpop: boolean,
    node: NodeRequest,
    resource: ProtectedResource,
  ): Promise<AuthInfo> {
    const { dpop, clientCertificate } = resource;
    const { jkt, x5t } = confirmationOf(caller.claims.cnf);
    if (jkt === undefined && (isDpop || dpop.mode === 'required')) {
      throw new InvalidTokenError('unbound');
    }
    // RFC 9449, section 7.2: bound to a key, it is no Bearer token.
    if (jkt !== undefined && !isDpop) {
      throw new InvalidTokenError('possession');
    }
    if (!isCurrentRequest(node)) {
      throw new InvalidTokenError('transport');
    }
    if (x5t !== undefined) {
      this.assertCertificate(x5t, node, clientCertificate);
    }
    if (jkt !== undefined) {
      const { token } = caller;
      this.handOut(await this.dpop.verify(node, { token, jkt }, resource));
    }
    return caller;
  }

  private handOut(nonce: string | undefined): void {
    const response = currentResponse();
    if (nonce === undefined || response === undefined) {
      return;
    }
    const { httpAdapter } = this.host;
    setExposedHeaders(httpAdapter, response, { 'DPoP-Nonce': nonce });
    // RFC 9449, section 8.2: an answer from a cache would bring a nonce of the past.
    httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    // A handler on Fastify may answer on Node's own response, as the MCP SDK's transports do.
    const raw = nodeResponse(httpAdapter, response);
    for (const name of ['DPoP-Nonce', EXPOSE_HEADERS, 'Cache-Control']) {
      raw.setHeader(name, httpAdapter.getHeader(response, name) as string);
    }
  }

  private assertCertificate(
    x5t: string,
    node: NodeRequest,
    policy: ClientCertificatePolicy | undefined,
  ): void {
    if (policy === undefined) {
      throw new InvalidTokenError('confirmation');
    }
    if (certificateThumbprint(node, policy) !== x5t) {
      this.report(certificateProblem(node, policy));
      throw new InvalidTokenError('possession');
    }
  }

  /** The client is told no more than that; what to mend is told to the operator, once. */
  private report(problem: string): void {
    if (!this.reported.has(problem) && this.reported.size < MAX_REPORTS) {
      this.reported.add(problem);
      log.warn(`A token that is bound to a client certificate was refused: ${problem}.`);
    }
  }
}

import { Injectable } from '@nestjs/common';
import { isCurrentRequest } from '../auth-info/auth-info.context.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { log } from '../log/log.js';
import { certificateProblem } from './client-certificate/certificate-problem.js';
import {
  certificateThumbprint,
  type ConnectedRequest,
} from './client-certificate/client-certificate.js';
import type { ClientCertificatePolicy } from './client-certificate/client-certificate-policy.js';
import { confirmationOf } from './confirmation.js';
import { DpopProofs, type DpopRequest, type DpopResource } from './dpop/dpop-proofs.js';

/**
 * The greatest number of different warnings in the log. Some contain an address or the thumbprint of a
 * certificate, so their number would have no limit.
 */
const MAX_REPORTS = 20;

/** The part of a protected resource that decides on the proof of possession. */
export interface PossessionResource extends DpopResource {
  readonly clientCertificate: ClientCertificatePolicy | undefined;
}

/** A request that has to prove possession. */
type ProvingRequest = ConnectedRequest & DpopRequest;

/** The way in which the token was presented. */
interface Presented {
  readonly isDpop: boolean;
  readonly resource: PossessionResource;
}

/** Checks that the sender of a request holds the keys that its token is bound to. */
@Injectable()
export class Possession {
  private readonly reported = new Set<string>();

  constructor(private readonly dpop: DpopProofs) {}

  /**
   * Returns `true` if possession has to be proved. A token that is bound to no key needs no proof, if it was
   * sent as a Bearer token and the resource does not require DPoP.
   */
  isNeeded(caller: AuthInfo | undefined, presented: Presented | undefined): boolean {
    return (
      caller !== undefined &&
      presented !== undefined &&
      (caller.claims.cnf !== undefined ||
        presented.isDpop ||
        presented.resource.dpop.mode === 'required')
    );
  }

  /**
   * Checks that the request proves possession of every key that the token is bound to. Returns a new DPoP
   * nonce for the client if the nonce in its proof is about to expire.
   *
   * @throws InvalidTokenError, InvalidDpopProofError, DpopNonceRequiredError, StateStoreUnavailableError
   */
  async prove(
    { token, claims }: AuthInfo,
    { isDpop, resource }: Presented,
    request: ProvingRequest,
  ): Promise<string | undefined> {
    const { dpop, clientCertificate } = resource;
    const { jkt, x5t } = confirmationOf(claims.cnf);
    if (jkt === undefined && (isDpop || dpop.mode === 'required')) {
      throw new InvalidTokenError('unbound');
    }
    // RFC 9449, section 7.2: a token that is bound to a key is not a Bearer token.
    if (jkt !== undefined && !isDpop) {
      throw new InvalidTokenError('possession');
    }
    if (!isCurrentRequest(request)) {
      throw new InvalidTokenError('transport');
    }
    if (x5t !== undefined) {
      this.assertCertificate(x5t, request, clientCertificate);
    }
    return jkt === undefined ? undefined : this.dpop.verify(request, { token, jkt }, resource);
  }

  private assertCertificate(
    x5t: string,
    request: ProvingRequest,
    policy: ClientCertificatePolicy | undefined,
  ): void {
    if (policy === undefined) {
      throw new InvalidTokenError('confirmation');
    }
    if (certificateThumbprint(request, policy) !== x5t) {
      this.report(certificateProblem(request, policy));
      throw new InvalidTokenError('possession');
    }
  }

  /** Tells the operator, once, what to correct. The client does not get these details. */
  private report(problem: string): void {
    if (!this.reported.has(problem) && this.reported.size < MAX_REPORTS) {
      this.reported.add(problem);
      log.warn(`A token that is bound to a client certificate was rejected: ${problem}.`);
    }
  }
}

import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { getOrMake } from '../../cache/get-or-make.js';
import { log } from '../../log/log.js';
import { DpopNonceRequiredError, InvalidDpopProofError } from '../../errors/dpop-proof.error.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { StateStore } from '../../store/state-store.js';
import { requestUris } from '../../url/http-uri.js';
import type { DpopPolicy } from './dpop-policy.js';
import { ForgottenProofs } from './forgotten-proofs.js';
import { oncePerRequest } from './once-per-request.js';
import { assertMadeFor, verifiedClaims, type ProofClaims } from './proof-claims.js';
import { thumbprintIn } from './proof-header.js';

const MAX_LENGTH = 8192;
/** The seconds for which a proof is stored after it expires, because the clocks of two instances may differ. */
const CLOCK_SKEW = 5;
const SET_BACK =
  'A DPoP proof was rejected because the clock of this machine was set back to a time whose used proofs are no longer stored. Proofs that are newer than those used proofs are accepted. Keep the clock right, for example by NTP.';

/** The part of Node's request that is read to check a proof. */
export interface DpopRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method?: string;
  readonly url?: string;
  /** The target that the client sent, on Express, even if a middleware changed `url`. */
  readonly originalUrl?: string;
}

/** A token, and the thumbprint of the key that it is bound to. */
export interface BoundToken {
  readonly token: string;
  readonly jkt: string;
}

/** The part of a protected resource that decides how a proof is checked. */
export interface DpopResource {
  readonly resource: string;
  readonly dpop: DpopPolicy;
}

/** Checks that requests prove possession of the key that their token is bound to (RFC 9449). */
@Injectable()
export class DpopProofs {
  /** The forgotten proofs for each `proofLifetime` in the options. */
  private readonly forgotten = new Map<number, ForgottenProofs>();
  private hasReportedSetBack = false;

  constructor(private readonly store: StateStore) {}

  /**
   * Verifies the proof of a request. Returns a new nonce for the client if the nonce in the proof is about to
   * expire.
   *
   * @throws InvalidDpopProofError if the proof is missing, not valid, or was used before
   * @throws DpopNonceRequiredError if the proof has no valid nonce, and the resource requires one
   * @throws InvalidTokenError if the proof is made with another key than the token's
   * @throws StateStoreUnavailableError if it cannot be determined whether the proof was used before
   */
  verify(
    request: DpopRequest,
    bound: BoundToken,
    { resource, dpop }: DpopResource,
  ): Promise<string | undefined> {
    const proof = proofOf(request.headers);
    return oncePerRequest(request, `${resource} ${bound.token} ${proof}`, () =>
      this.check(proof, request, bound, dpop),
    );
  }

  private async check(
    proof: string,
    request: DpopRequest,
    { token, jkt }: BoundToken,
    policy: DpopPolicy,
  ): Promise<string | undefined> {
    if ((await thumbprintIn(proof, policy.algorithms)) !== jkt) {
      throw new InvalidTokenError('possession');
    }
    this.forgottenOf(policy.proofLifetime).observe();
    const claims = await verifiedClaims(proof, policy);
    const { method = '', originalUrl, url = '' } = request;
    const uris = requestUris(policy.publicUrl, originalUrl ?? url);
    assertMadeFor({ method, uris, token }, claims, policy);
    const renewed = nonceFor(claims, policy);
    await this.assertFirstUse(request, jkt, claims, policy);
    return renewed;
  }

  /**
   * Checks that the proof was not used before. This is the last check, so that only valid proofs are
   * stored.
   */
  private async assertFirstUse(
    request: DpopRequest,
    jkt: string,
    { jti, iat }: ProofClaims,
    { proofLifetime }: DpopPolicy,
  ): Promise<void> {
    const key = `dpop:${createHash('sha256').update(`${jkt} ${jti}`).digest('base64url')}`;
    const isFirst = await oncePerRequest(request, key, async () => {
      const forgotten = this.forgottenOf(proofLifetime);
      if (forgotten.mayHold(iat)) {
        this.reportSetBack();
        throw new InvalidDpopProofError('time');
      }
      const seconds = Math.ceil(iat + proofLifetime - Date.now() / 1000) + CLOCK_SKEW;
      forgotten.add(iat, seconds);
      return this.store.firstTime(key, seconds);
    });
    if (!isFirst) {
      throw new InvalidDpopProofError('replayed');
    }
  }

  private forgottenOf(proofLifetime: number): ForgottenProofs {
    return getOrMake(this.forgotten, proofLifetime, () => new ForgottenProofs());
  }

  private reportSetBack(): void {
    if (!this.hasReportedSetBack) {
      this.hasReportedSetBack = true;
      log.warn(SET_BACK);
    }
  }
}

function proofOf({ dpop }: IncomingHttpHeaders): string {
  // Node joins header fields of the same name. Only the type says that it could be an array.
  const proof = String(dpop ?? '');
  if (proof === '') {
    throw new InvalidDpopProofError('missing');
  }
  if (proof.includes(',')) {
    throw new InvalidDpopProofError('several');
  }
  if (proof.length > MAX_LENGTH) {
    throw new InvalidDpopProofError('malformed');
  }
  return proof;
}

function nonceFor({ nonce }: ProofClaims, { nonces }: DpopPolicy): string | undefined {
  if (nonces === undefined) {
    return undefined;
  }
  const { current } = nonces;
  if (!nonces.accepts(nonce)) {
    throw new DpopNonceRequiredError(current);
  }
  return nonce === current ? undefined : current;
}

import { decodeProtectedHeader } from 'jose';
import { ASYMMETRIC_ALGORITHMS } from '../options/jwt.options.js';
import type { ClaimRequirements } from '../token/claim-checks.js';
import { presentClaims } from '../token/present-claims.js';
import { readUnverified } from '../token/read-unverified.js';
import type { Asker } from './ask.js';
import { skipped, type Finding } from './finding.js';
import type { ExaminedServer } from './server-metadata.js';
import { tokenAnswer } from './token-answer.js';
import { tokenClaims } from './token-claims.js';
import { bindingOf, tokenBinding, tokenScopes } from './token-grants.js';
import { tokenAlgorithm, tokenSignature } from './token-signature.js';

/** The default clock tolerance of this library, in seconds. */
const CLOCK_TOLERANCE = 5;

/** The requirements of a resource for a token that its answers tell. */
export interface TokenContext {
  /** The identifier of the resource. */
  readonly resource: string;
  readonly servers: readonly ExaminedServer[];
  /** The scopes of the challenge. */
  readonly scopes: readonly string[];
  readonly needsDpop: boolean;
}

/** Asks the server whether it accepts a token, and checks the claims of the token one by one. */
export async function examineToken(
  asker: Asker,
  token: string,
  context: TokenContext,
): Promise<readonly Finding[]> {
  const unverified = readUnverified(token);
  if (unverified === undefined) {
    const why = 'The token is not a signed JWT, so only the server can tell more.';
    return [...(await tokenAnswer(asker, token, false)), skipped('token_claims', why)];
  }
  const claims = presentClaims(unverified);
  const binding = bindingOf(claims);
  const isBound = claims.cnf !== undefined;
  const answers = await tokenAnswer(asker, token, isBound);
  const isAccepted = answers.some(({ status }) => status === 'ok');
  const { typ, alg } = decodeProtectedHeader(token);
  const issuer = context.servers.find((server) => server.issuer === claims.iss);
  return [
    ...answers,
    ...tokenClaims({ claims, typ }, requirementsOf(context), isAccepted),
    tokenAlgorithm(alg, ASYMMETRIC_ALGORITHMS),
    await tokenSignature(token, issuer?.keys, ASYMMETRIC_ALGORITHMS),
    tokenScopes(claims, context.scopes),
    tokenBinding(binding, context.needsDpop),
  ];
}

function requirementsOf({ resource, servers }: TokenContext): ClaimRequirements {
  return {
    issuers: servers.map(({ issuer }) => issuer),
    audiences: [resource],
    jwt: {
      algorithms: ASYMMETRIC_ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: [],
      typ: undefined,
      maxTokenAge: undefined,
    },
  };
}

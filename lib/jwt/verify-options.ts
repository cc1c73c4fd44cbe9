import type { JWTVerifyOptions } from 'jose';
import type { TokenVerificationContext } from '../token/token-verifier.js';

const known = new WeakMap<TokenVerificationContext, JWTVerifyOptions>();

/** What a resource asks of a JWT, in the form that jose asks for; made once for each resource. */
export function verifyOptions(context: TokenVerificationContext): JWTVerifyOptions {
  const options = known.get(context) ?? toJose(context);
  known.set(context, options);
  return options;
}

function toJose(context: TokenVerificationContext): JWTVerifyOptions {
  const { issuers, audiences, jwt, claimsOf } = context;
  const isInAud = issuers.every((issuer) => claimsOf(issuer).audience === undefined);
  return {
    issuer: [...issuers],
    // Where one issuer says it elsewhere, it is checked once the claims are read.
    audience: isInAud && audiences ? [...audiences] : undefined,
    algorithms: [...jwt.algorithms],
    clockTolerance: jwt.clockTolerance,
    requiredClaims: ['exp', ...jwt.requiredClaims],
    maxTokenAge: jwt.maxTokenAge,
  };
}

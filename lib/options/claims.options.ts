import type { ClaimSource } from '../token/claims-policy.js';
import type { Plain } from './plain.js';
import { constraint } from './validation/constraint.js';
import { Optional } from './validation/optional.js';

/** The longest path of member names; providers nest less deeply. */
const MAX_DEPTH = 10;

const WHAT =
  "must be the name of a claim, a path of member names such as ['realm_access', 'roles'], or a function of the claims";

const IsClaimSource = constraint('isClaimSource', (value) => {
  if (typeof value === 'function') {
    return undefined;
  }
  const path: unknown[] = Array.isArray(value) ? value : [value];
  const isPath = path.length > 0 && path.length <= MAX_DEPTH && path.every(isName);
  return isPath ? undefined : WHAT;
});

/** The claims to read, for a provider that names them differently. */
export type ClaimsOptions = Plain<ClaimsSettings>;

/** The class that validates {@link ClaimsOptions}. */
export class ClaimsSettings {
  /**
   * The claim that holds the scopes: an array of strings, or a string, which is split only at spaces. At most 1000
   * scopes. If you read roles or permissions from here, they are compared like scopes and named in challenges. The
   * authorization server must then accept them as scopes that a client may request.
   *
   * @defaultValue the first of `scope`, `scp` and `scopes` that is present
   */
  @Optional()
  @IsClaimSource()
  scopes?: ClaimSource<string | readonly string[]>;

  /**
   * The claim that identifies the OAuth client.
   *
   * @defaultValue the first of `client_id`, `azp` and `cid` that is present; otherwise the client id is empty
   */
  @Optional()
  @IsClaimSource()
  clientId?: ClaimSource<string>;

  /**
   * The claim that identifies the user, or whoever else the token represents. If you store data under this claim, do
   * **not** use a claim that can pass from one person to another, such as an e-mail address.
   *
   * @defaultValue `sub`
   */
  @Optional()
  @IsClaimSource()
  subject?: ClaimSource<string>;

  /**
   * The claim that is compared with `audience`, for a provider that does not put the audience into `aud`.
   * Only this comparison rejects tokens for other services. Do **not** name a claim that has the same
   * value in those tokens.
   *
   * @defaultValue `aud`
   */
  @Optional()
  @IsClaimSource()
  audience?: ClaimSource<string | readonly string[]>;
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name !== '';
}

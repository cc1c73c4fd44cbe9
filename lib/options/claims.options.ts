import type { ClaimSource } from '../token/claims-policy.js';
import type { Plain } from './plain.js';
import { constraint } from './validation/constraint.js';
import { Optional } from './validation/optional.js';

/** Deeper than providers nest. */
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

/** How the claims of a provider are read that has names of its own for them. */
export type ClaimsOptions = Plain<ClaimsSettings>;

/** The class that {@link ClaimsOptions} are validated as. */
export class ClaimsSettings {
  /**
   * What the token allows: a string, split at spaces and at nothing else, or an array of strings; at
   * most 1000 scopes. Roles and permissions read from here are compared as scopes are, and named in
   * challenges, so that the authorization server must take them for scopes that a client may ask for.
   *
   * @defaultValue the first that is there of `scope`, `scp` and `scopes`
   */
  @Optional()
  @IsClaimSource()
  scopes?: ClaimSource<string | readonly string[]>;

  /**
   * The OAuth client that presents the token.
   *
   * @defaultValue the first that is there of `client_id`, `azp` and `cid`; else the empty string
   */
  @Optional()
  @IsClaimSource()
  clientId?: ClaimSource<string>;

  /**
   * Who the token speaks for. Take nothing that can pass from one person to another, as an e-mail
   * address does, where data is kept under it.
   *
   * @defaultValue `sub`
   */
  @Optional()
  @IsClaimSource()
  subject?: ClaimSource<string>;

  /**
   * Whom the token is meant for, compared with `audience`: for a provider that does not say so in
   * `aud`. What is found here is all that keeps out tokens for other services, so name nothing that
   * those have too.
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

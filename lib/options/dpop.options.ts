import { ASYMMETRIC_ALGORITHMS, type AsymmetricAlgorithm } from './jwt.options.js';
import type { Plain } from './plain.js';
import { Optional } from './validation/optional.js';
import { Checked, eachItem } from './validation/checked.js';
import { boolean, oneOf, secureUrl } from './validation/problems.js';

const MODES = ['off', 'accepted', 'required'] as const;

/** Whether a resource takes DPoP-bound access tokens (RFC 9449), or nothing else. */
export type DpopMode = (typeof MODES)[number];

/** How DPoP proofs are checked (RFC 9449, section 4.3). */
export type DpopOptions = Plain<DpopSettings>;

/** The class that {@link DpopOptions} are validated as. */
export class DpopSettings {
  /**
   * `'off'`: the scheme `DPoP` is unknown, and bound tokens are refused. `'accepted'`: bound tokens with
   * a proof are accepted beside plain Bearer tokens. `'required'`: nothing else is.
   */
  @Checked('mode', oneOf(...MODES))
  mode!: DpopMode;

  /**
   * The accepted JWS algorithms of proofs; published, and named in challenges.
   *
   * @defaultValue every asymmetric algorithm: `RS*`, `PS*`, `ES*`, `EdDSA` and `Ed25519`
   */
  @Optional()
  @Checked('algorithms', (value, owner) =>
    Array.isArray(value) && value.length === 0
      ? 'must not be an empty array'
      : eachItem(oneOf(...ASYMMETRIC_ALGORITHMS))(value, owner),
  )
  algorithms?: AsymmetricAlgorithm[];

  /**
   * By how many seconds the `iat` of a proof may differ from this server's clock, either way; at most
   * 600. For as long the `store` remembers that the proof was used.
   *
   * @defaultValue 60
   */
  @Optional()
  @Checked('proofLifetime', (value) =>
    typeof value === 'number' && value > 0 && value <= 600
      ? undefined
      : 'must be a number of seconds above 0 and at most 600',
  )
  proofLifetime?: number;

  /**
   * Whether a proof must hold a nonce of this resource, so that none can be made in advance. The first
   * request of a client is then answered with 401 `use_dpop_nonce`. A nonce is accepted for 2 to 4
   * minutes.
   *
   * @defaultValue false
   */
  @Optional()
  @Checked('nonce', boolean)
  nonce?: boolean;

  /**
   * What nonces are derived from: at least 32 characters that nobody can guess, the same for all
   * instances of the application. Required beside a `store` that instances share.
   *
   * @defaultValue random, and another one in each process
   */
  @Optional()
  @Checked<DpopSettings>('nonceSecret', (value, { nonce }) =>
    nonce === true ? nonceSecretProblem(value) : 'has no effect without nonce: true; add that',
  )
  nonceSecret?: string;

  /**
   * What clients see before the paths that this application sees, for a proxy that removes the
   * beginning of the path: with `https://example.com/api` a request for `/notes` needs a proof for
   * `https://example.com/api/notes`, and one for `/` needs a proof for `https://example.com/api` or
   * `https://example.com/api/`.
   *
   * @defaultValue the origin of the resource identifier
   */
  @Optional()
  @Checked('publicUrl', (value) => secureUrl(value, {}) ?? queryProblem(value as string))
  publicUrl?: string;
}

function nonceSecretProblem(value: unknown): string | undefined {
  return typeof value === 'string' && value.length >= 32
    ? undefined
    : 'must be a string of at least 32 characters, such as 32 random bytes in base64';
}

function queryProblem(value: string): string | undefined {
  return value.includes('?') ? 'must not have a query; remove "?" and what follows' : undefined;
}

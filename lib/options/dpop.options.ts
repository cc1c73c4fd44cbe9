import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsNumber,
  IsPositive,
  Max,
  MinLength,
} from 'class-validator';
import { HasNoQuery, IsSecureUrl } from './constraints/urls.js';
import { IsTrueOrFalse } from './constraints/values.js';
import { ASYMMETRIC_ALGORITHMS, type AsymmetricAlgorithm } from './jwt.options.js';
import type { Plain } from './plain.js';
import { EachItem } from './validation/each-item.js';
import { must } from './validation/must.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

const PROOF_LIFETIME = { message: 'must be a number of seconds above 0 and at most 600' };

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
  @IsIn(MODES, must.beOneOf)
  mode!: DpopMode;

  /**
   * The accepted JWS algorithms of proofs; published, and named in challenges.
   *
   * @defaultValue every asymmetric algorithm: `RS*`, `PS*`, `ES*`, `EdDSA` and `Ed25519`
   */
  @Optional()
  @IsArray(must.beAnArray)
  @ArrayNotEmpty(must.notBeEmpty)
  @EachItem(IsIn(ASYMMETRIC_ALGORITHMS, must.beOneOf))
  algorithms?: AsymmetricAlgorithm[];

  /**
   * By how many seconds the `iat` of a proof may differ from this server's clock, either way; at most
   * 600. For as long the `store` remembers that the proof was used.
   *
   * @defaultValue 60
   */
  @Optional()
  @IsNumber({}, PROOF_LIFETIME)
  @IsPositive(PROOF_LIFETIME)
  @Max(600, PROOF_LIFETIME)
  proofLifetime?: number;

  /**
   * Whether a proof must hold a nonce of this resource, so that none can be made in advance. The first
   * request of a client is then answered with 401 `use_dpop_nonce`. A nonce is accepted for 2 to 4
   * minutes.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  nonce?: boolean;

  /**
   * What nonces are derived from: at least 32 characters that nobody can guess, the same for all
   * instances of the application. Required beside a `store` that instances share.
   *
   * @defaultValue random, and another one in each process
   */
  @Optional()
  @OnlyIf<DpopSettings>(
    ({ nonce }) => nonce === true,
    'has no effect without nonce: true; add that',
  )
  @MinLength(32, {
    message: 'must be a string of at least 32 characters, such as 32 random bytes in base64',
  })
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
  @IsSecureUrl()
  @HasNoQuery()
  publicUrl?: string;
}

import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsNumber,
  IsPositive,
  Max,
  MinLength,
} from 'class-validator';
import { HasNoQuery, IsResourceUrl } from './constraints/urls.js';
import { IsTrueOrFalse } from './constraints/values.js';
import { ASYMMETRIC_ALGORITHMS, type AsymmetricAlgorithm } from './jwt.options.js';
import type { Plain } from './plain.js';
import { EachItem } from './validation/each-item.js';
import { must } from './validation/must.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

const PROOF_LIFETIME = { message: 'must be a number of seconds above 0 and at most 600' };

const MODES = ['off', 'accepted', 'required'] as const;

/** A mode of accepting DPoP-bound access tokens (RFC 9449). */
export type DpopMode = (typeof MODES)[number];

/** The options for checking DPoP proofs (RFC 9449, section 4.3). */
export type DpopOptions = Plain<DpopSettings>;

/** The class that validates {@link DpopOptions}. */
export class DpopSettings {
  /**
   * The accepted tokens.
   *
   * - `'off'`: plain Bearer tokens. DPoP-bound tokens are rejected, and the scheme `DPoP` is treated as
   *   unknown.
   * - `'accepted'`: plain Bearer tokens, and DPoP-bound tokens with a proof.
   * - `'required'`: only DPoP-bound tokens with a proof.
   */
  @IsIn(MODES, must.beOneOf)
  mode!: DpopMode;

  /**
   * The accepted JWS algorithms of proofs. They are published in the metadata and named in challenges.
   *
   * @defaultValue every asymmetric algorithm: `RS*`, `PS*`, `ES*`, `EdDSA` and `Ed25519`
   */
  @Optional()
  @IsArray(must.beAnArray)
  @ArrayNotEmpty(must.notBeEmpty)
  @EachItem(IsIn(ASYMMETRIC_ALGORITHMS, must.beOneOf))
  algorithms?: AsymmetricAlgorithm[];

  /**
   * The number of seconds by which the `iat` of a proof may be before or after this server's clock. At most
   * 600. The `store` remembers a used proof until the proof is too old to be accepted.
   *
   * @defaultValue 60
   */
  @Optional()
  @IsNumber({}, PROOF_LIFETIME)
  @IsPositive(PROOF_LIFETIME)
  @Max(600, PROOF_LIFETIME)
  proofLifetime?: number;

  /**
   * Requires a nonce of this application in every proof, so that proofs cannot be made in advance. The first
   * request of a client is then answered with 401 `use_dpop_nonce`. A nonce is accepted for 2 to 4
   * minutes.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  nonce?: boolean;

  /**
   * The secret from which nonces are derived. It has at least 32 characters, cannot be guessed, and is the
   * same for all instances of the application. Required if the instances share a `store`.
   *
   * @defaultValue a random secret, different in each process
   */
  @Optional()
  @OnlyIf<DpopSettings>(
    ({ nonce }) => nonce === true,
    'has no effect without nonce: true; add nonce: true, or leave this out',
  )
  @MinLength(32, {
    message: 'must be a string of at least 32 characters, such as 32 random bytes in base64',
  })
  nonceSecret?: string;

  /**
   * The public URL of this application, for a proxy that removes the beginning of the path. With
   * `https://example.com/api`, a request that arrives for `/notes` needs a proof for
   * `https://example.com/api/notes`. A request that arrives for `/` needs a proof for
   * `https://example.com/api` or `https://example.com/api/`.
   *
   * @defaultValue the origin of the resource identifier
   */
  @Optional()
  @IsResourceUrl()
  @HasNoQuery()
  publicUrl?: string;
}

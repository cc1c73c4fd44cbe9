import { constants, createHmac, type KeyObject } from 'node:crypto';
import { invalidToken } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import { signer } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

type Secret = string | Buffer;

/** Returns a token that is signed by HMAC, with a secret that an attacker can know. */
const hmac =
  (secret: (lab: Laboratory) => Secret, header: Record<string, unknown> = {}, hash = 'sha256') =>
  (lab: Laboratory) =>
    lab.forge({
      header: { alg: `HS${hash.slice(3)}`, ...header },
      sign: (input) => createHmac(hash, secret(lab)).update(input).digest(),
    });

const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }) as string;
const der = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });
const rsa = { kid: 'rsa' };

/** Signs with a key of the JWK Set of the issuer that is not for access tokens, or not for this algorithm. */
const by =
  (
    name: keyof Laboratory['keys'],
    header: Record<string, unknown>,
    ...how: [hash?: string, options?: Parameters<typeof signer>[2]]
  ) =>
  (lab: Laboratory) => {
    const { pair, jwk } = lab.keys[name];
    return lab.forge({
      header: { kid: jwk.kid, ...header },
      sign: signer(pair.privateKey, ...how),
    });
  };

const genuineKeyUnder = (header: Record<string, unknown>) => (lab: Laboratory) =>
  lab.forge({ header });

export const algorithmConfusion: Attack[] = [
  ...tokens(
    'RFC 8725, section 2.1 and 3.1',
    'a token signed with HMAC is rejected, whatever its secret',
    invalidToken('algorithm'),
    {
      'HS256 with the public key in PEM': hmac((lab) => pem(lab.publicKey)),
      'HS256 with the public key in PEM, without the last line end': hmac((lab) =>
        pem(lab.publicKey).trimEnd(),
      ),
      'HS256 with the public key in PEM, with CR LF': hmac((lab) =>
        pem(lab.publicKey).replaceAll('\n', '\r\n'),
      ),
      'HS256 with the public key in DER': hmac((lab) => der(lab.publicKey)),
      'HS256 with the public key as a JWK': hmac((lab) =>
        JSON.stringify(lab.publicKey.export({ format: 'jwk' })),
      ),
      'HS256 with the x coordinate of the public key': hmac((lab) =>
        Buffer.from(lab.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
      ),
      'HS256 with the RSA public key in PEM': hmac((lab) => pem(lab.keys.rsa.pair.publicKey), rsa),
      'HS256 with the modulus of the RSA public key': hmac(
        (lab) =>
          Buffer.from(lab.keys.rsa.pair.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url'),
        rsa,
      ),
      'HS384 with the public key in PEM': hmac((lab) => pem(lab.publicKey), {}, 'sha384'),
      'HS512 with the public key in PEM': hmac((lab) => pem(lab.publicKey), {}, 'sha512'),
      'HS256 with an empty secret': hmac(() => ''),
      'HS256 with the kid as secret': hmac((lab) => lab.issuer.kid),
      'HS256 with the client identifier as secret': hmac(() => 'client-1'),
      'HS256 with a secret that the header jwk contains': hmac(() => 'mine', {
        jwk: { kty: 'oct', k: 'bWluZQ' },
      }),
      'HS256 with a symmetric key that the issuer published': hmac(
        (lab) => Buffer.from(lab.secret.k, 'base64url'),
        { kid: 'secret' },
      ),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.1; RFC 7517, section 4.4',
    'a token whose alg or signature does not fit the key is rejected',
    invalidToken('signature'),
    {
      'alg RS256 and the kid of an EC key': genuineKeyUnder({ alg: 'RS256' }),
      'alg PS256 and the kid of an EC key': genuineKeyUnder({ alg: 'PS256' }),
      'alg EdDSA and the kid of an EC key': genuineKeyUnder({ alg: 'EdDSA' }),
      'alg ES384 and the kid of a key on P-256': genuineKeyUnder({ alg: 'ES384' }),
      'alg ES512 and the kid of a key on P-256': genuineKeyUnder({ alg: 'ES512' }),
      'alg ES256, signed by an RSA key': by('rsa', { alg: 'ES256' }),
      'alg ES256, signed by a key on P-384': by('p384', { alg: 'ES256' }),
      'alg RS512, signed by a key for RS256': by('rsa', { alg: 'RS512' }, 'sha512'),
      'alg PS256, signed by a key for RS256': by('rsa', { alg: 'PS256' }, 'sha256', PSS),
      'alg RS256 with a PSS signature': by('rsa', { alg: 'RS256' }, 'sha256', PSS),
      'alg RS256 with a signature over SHA-512': by('rsa', { alg: 'RS256' }, 'sha512'),
      'alg RS256 with a signature over SHA-1': by('rsa', { alg: 'RS256' }, 'sha1'),
      'alg ES384 with a signature over SHA-256': by('p384', { alg: 'ES384' }),
      'alg ES256 and the kid of a symmetric key': genuineKeyUnder({ kid: 'secret' }),
    },
  ),
  ...tokens(
    'RFC 7517, section 4.2 and 4.3; RFC 7518, section 3.3; RFC 8725, section 3.5',
    'a token signed by a published key that must not verify tokens is rejected',
    invalidToken('signature'),
    {
      'signed by an encryption key': by('encryption', { alg: 'ES256' }),
      'signed by a key whose key_ops is only sign': by('signOnly', { alg: 'ES256' }),
      'signed by a key whose private half was published': by('leaked', { alg: 'ES256' }),
      'signed by an RSA key of 1024 bits': by('weak', { alg: 'RS256' }),
      'signed by an RSA key of 1024 bits, with PSS': by('weak', { alg: 'PS256' }, 'sha256', PSS),
    },
  ),
];

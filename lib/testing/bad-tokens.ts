import { SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { makeSigningKey, type SigningKey } from './signing-key.js';

/** The names of all bad tokens, for a test of each. */
export const BAD_TOKENS = [
  'algNone',
  'badSignature',
  'expired',
  'hmacWithPublicKey',
  'idToken',
  'malformed',
  'noAudience',
  'noExpiry',
  'notYetValid',
  'otherKey',
  'unknownKey',
  'wrongAudience',
  'wrongIssuer',
  'wrongType',
] as const;

/**
 * The fault of a bad token. Everything else about the token is right.
 *
 * - `algNone`: it is not signed (`"alg":"none"`)
 * - `badSignature`: a character of the signature was changed
 * - `expired`: `exp` was a day ago
 * - `hmacWithPublicKey`: its signature is an HMAC, whose secret is the public key
 * - `idToken`: it is an ID token of OpenID Connect for the resource
 * - `malformed`: it is not a JWT
 * - `noAudience`, `noExpiry`: it has no `aud`, no `exp`
 * - `notYetValid`: `nbf` is tomorrow
 * - `otherKey`: another key signed it, under the `kid` of the server's key
 * - `unknownKey`: another key signed it, under a `kid` that the JWK Set does not have
 * - `wrongAudience`: it is for another resource
 * - `wrongIssuer`: it names another issuer
 * - `wrongType`: its header says that it is a logout token
 */
export type BadToken = (typeof BAD_TOKENS)[number];

/** The material of a bad token: the claims of a good one, and the key of the server. */
interface Material {
  readonly claims: JWTPayload;
  readonly key: SigningKey;
}

const DAY = 86_400;

const now = () => Math.floor(Date.now() / 1000);

const MAKERS: Readonly<Record<BadToken, (material: Material) => string | Promise<string>>> = {
  algNone: ({ claims }) => new UnsecuredJWT(claims).encode(),
  badSignature: async (material) => spoilt(await signed(material)),
  expired: (material) => signed(material, { iat: now() - 2 * DAY, exp: now() - DAY }),
  hmacWithPublicKey: ({ claims, key }) =>
    sign(claims, { alg: 'HS256', kid: key.jwk.kid }, new TextEncoder().encode(key.pem)),
  idToken: (material) => signed(material, { nonce: 'n-0S6_WzA2Mj', client_id: undefined }, 'JWT'),
  malformed: () => 'not-a-token',
  noAudience: (material) => signed(material, { aud: undefined }),
  noExpiry: (material) => signed(material, { exp: undefined }),
  notYetValid: (material) => signed(material, { nbf: now() + DAY, exp: now() + 2 * DAY }),
  otherKey: async ({ claims, key }) =>
    signed({ claims, key: await makeSigningKey(key.algorithm, key.jwk.kid) }),
  unknownKey: async ({ claims, key }) =>
    signed({ claims, key: await makeSigningKey(key.algorithm) }),
  wrongAudience: (material) => signed(material, { aud: 'https://another-resource.example.com' }),
  wrongIssuer: (material) => signed(material, { iss: 'https://another-issuer.example.com' }),
  wrongType: (material) => signed(material, {}, 'logout+jwt'),
};

/** Makes a token that is bad in the named way. */
export async function makeBadToken(name: BadToken, material: Material): Promise<string> {
  return MAKERS[name](material);
}

/** Makes a JWT access token (RFC 9068), with changed claims if there are any. */
export function signed(
  { claims, key }: Material,
  changed: JWTPayload = {},
  typ = 'at+jwt',
): Promise<string> {
  const { algorithm: alg, jwk, privateKey } = key;
  return sign({ ...claims, ...changed }, { alg, kid: jwk.kid, typ }, privateKey);
}

function sign(
  claims: JWTPayload,
  header: { alg: string; kid: string; typ?: string },
  key: CryptoKey | Uint8Array,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ typ: 'at+jwt', ...header }).sign(key);
}

/** Changes the first character of the signature. The last character may hold bits that do not count. */
function spoilt(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

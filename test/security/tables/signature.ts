import { invalidToken } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import { segment, signer, split } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';
import { NOTES } from '../support/places.js';

/** The order of the group of P-256. */
const N = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
const half = (hex: string) => hex.padStart(64, '0');

/** A signature of the attacker's making in the genuine one's place. */
const signed = (bytes: Buffer | string) => (lab: Laboratory) => lab.forge({ sign: () => bytes });
const pair = (r: string, s: string) => signed(Buffer.from(half(r) + half(s), 'hex'));

/** The genuine signature, changed. */
const changed = (change: (signature: Buffer) => Buffer | string) => (lab: Laboratory) => {
  const [header, payload, signature] = split(lab.victim);
  const given = change(Buffer.from(signature, 'base64url'));
  return `${header}.${payload}.${typeof given === 'string' ? given : segment(given)}`;
};

const flip = (at: number) =>
  changed((signature) => {
    const other = Buffer.from(signature);
    other[at] = (other[at] ?? 0) ^ 1;
    return other;
  });

/** The genuine token's signature under another payload: Alice would be somebody else. */
const reused = (claims: Record<string, unknown>) => (lab: Laboratory) =>
  lab.forge({ claims, sign: () => split(lab.victim)[2] });

export const signature: Attack[] = [
  ...tokens(
    'RFC 7515, section 5.2; RFC 7518, section 3.4',
    'the signature is one of the issuer over these very bytes',
    invalidToken('signature'),
    {
      'signature left out': signed(''),
      'signature of one byte': signed('AA'),
      'r and s zero (psychic signature)': pair('0', '0'),
      'r zero': pair('0', '1'),
      's zero': pair('1', '0'),
      'r and s the order of the group': pair(N, N),
      'r and s one': pair('1', '1'),
      'r and s all ones': signed(Buffer.alloc(64, 0xff)),
      'signature in DER': (lab) =>
        lab.forge({ sign: signer(lab.key(), 'sha256', { dsaEncoding: 'der' }) }),
      'signature truncated by a byte': changed((bytes) => bytes.subarray(0, 63)),
      'signature truncated to r': changed((bytes) => bytes.subarray(0, 32)),
      'signature with a byte more': changed((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
      'signature with a byte before': changed((bytes) => Buffer.concat([Buffer.alloc(1), bytes])),
      'signature twice': changed((bytes) => Buffer.concat([bytes, bytes])),
      'signature with r and s exchanged': changed((bytes) =>
        Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)]),
      ),
      'signature with its first bit flipped': flip(0),
      'signature with its last bit flipped': flip(63),
      'signature over SHA-384': (lab) => lab.forge({ sign: signer(lab.key(), 'sha384') }),
      'signature over the payload alone': (lab) =>
        lab.forge({ sign: (input) => signer(lab.key())(input.split('.')[1] ?? '') }),
      'signed by the attacker under the genuine kid': (lab) =>
        lab.forge({ sign: signer(lab.attacker.privateKey) }),
      'signature of the genuine token, another subject': reused({ sub: 'root' }),
      'signature of the genuine token, more scopes': reused({
        scope: 'read:notes write:notes admin',
      }),
      'signature of the genuine token, a later expiry': reused({ exp: 4_102_444_800 }),
      'signature of the genuine token, another header': (lab) => {
        const [, , kept] = split(lab.victim);
        return lab.forge({ header: { typ: 'JWT' }, sign: () => kept });
      },
      'signature of another genuine token': (lab) => {
        const [header, payload] = split(lab.victim);
        const [, , foreign] = split(lab.tokenFor(NOTES, 'write:notes'));
        return `${header}.${payload}.${foreign}`;
      },
      'payload of a genuine token with a space in its JSON': (lab) =>
        lab.forge({
          payloadText: (json) => json.replace('{', '{ '),
          sign: () => split(lab.victim)[2],
        }),
    },
  ),
];

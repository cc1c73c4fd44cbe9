import { invalidToken } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import { segment, signer, split } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';
import { NOTES } from '../support/places.js';

/** The order of the group of P-256. */
const N = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
const half = (hex: string) => hex.padStart(64, '0');

/** Returns a token with this signature in place of the genuine one. */
const signed = (bytes: Buffer | string) => (lab: Laboratory) => lab.forge({ sign: () => bytes });
const pair = (r: string, s: string) => signed(Buffer.from(half(r) + half(s), 'hex'));

/** Returns the genuine token with its signature changed. */
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

/** Returns a token with other claims and the signature of the genuine token. */
const reused = (claims: Record<string, unknown>) => (lab: Laboratory) =>
  lab.forge({ claims, sign: () => split(lab.victim)[2] });

export const signature: Attack[] = [
  ...tokens(
    'RFC 7515, section 5.2; RFC 7518, section 3.4',
    'a token without a signature of the issuer over exactly its header and payload is rejected',
    invalidToken('signature'),
    {
      'an empty signature': signed(''),
      'a signature of one byte': signed('AA'),
      'a signature with r and s zero (psychic signature)': pair('0', '0'),
      'a signature with r zero and s one': pair('0', '1'),
      'a signature with r one and s zero': pair('1', '0'),
      'a signature with r and s the order of the group': pair(N, N),
      'a signature with r and s one': pair('1', '1'),
      'a signature with r and s of only one bits': signed(Buffer.alloc(64, 0xff)),
      'the genuine signature in DER': (lab) =>
        lab.forge({ sign: signer(lab.key(), 'sha256', { dsaEncoding: 'der' }) }),
      'the genuine signature without its last byte': changed((bytes) => bytes.subarray(0, 63)),
      'the genuine signature without s': changed((bytes) => bytes.subarray(0, 32)),
      'the genuine signature with a byte after it': changed((bytes) =>
        Buffer.concat([bytes, Buffer.alloc(1)]),
      ),
      'the genuine signature with a byte before it': changed((bytes) =>
        Buffer.concat([Buffer.alloc(1), bytes]),
      ),
      'the genuine signature twice': changed((bytes) => Buffer.concat([bytes, bytes])),
      'the genuine signature with r and s exchanged': changed((bytes) =>
        Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)]),
      ),
      'the genuine signature with a bit of its first byte flipped': flip(0),
      'the genuine signature with its last bit flipped': flip(63),
      'a signature of the genuine key over SHA-384': (lab) =>
        lab.forge({ sign: signer(lab.key(), 'sha384') }),
      'a signature of the genuine key over the payload alone': (lab) =>
        lab.forge({ sign: (input) => signer(lab.key())(input.split('.')[1] ?? '') }),
      'a signature of the attacker under the genuine kid': (lab) =>
        lab.forge({ sign: signer(lab.attacker.privateKey) }),
      'the signature of the genuine token with another subject': reused({ sub: 'root' }),
      'the signature of the genuine token with more scopes': reused({
        scope: 'read:notes write:notes admin',
      }),
      'the signature of the genuine token with a later expiry': reused({ exp: 4_102_444_800 }),
      'the signature of the genuine token with another header': (lab) => {
        const [, , kept] = split(lab.victim);
        return lab.forge({ header: { typ: 'JWT' }, sign: () => kept });
      },
      'the signature of another genuine token': (lab) => {
        const [header, payload] = split(lab.victim);
        const [, , foreign] = split(lab.tokenFor(NOTES, 'write:notes'));
        return `${header}.${payload}.${foreign}`;
      },
      'the signature of the genuine token with a space in the JSON of its payload': (lab) =>
        lab.forge({
          payloadText: (json) => json.replace('{', '{ '),
          sign: () => split(lab.victim)[2],
        }),
    },
  ),
];

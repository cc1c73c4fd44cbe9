import { sign as signBytes, type KeyObject, type SignKeyObjectInput } from 'node:crypto';

/** The differences of a token from a genuine one. `undefined` leaves a member out. */
export interface Forgery {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  /** Changes the text of the header, for a text that `JSON.stringify` would not write. */
  headerText?: (json: string) => string | Buffer;
  payloadText?: (json: string) => string | Buffer;
  /** The signature: bytes, or the segment itself. */
  sign?: (input: string) => Buffer | string;
}

export interface Genuine {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  sign: (input: string) => Buffer | string;
}

/** Returns a token with the header, payload and signature of the genuine one, changed as `forgery` says. */
export function forge(genuine: Genuine, forgery: Forgery): string {
  const { headerText = same, payloadText = same, sign = genuine.sign } = forgery;
  const header = JSON.stringify({ ...genuine.header, ...forgery.header });
  const payload = JSON.stringify({ ...genuine.claims, ...forgery.claims });
  const input = `${segment(headerText(header))}.${segment(payloadText(payload))}`;
  const signature = sign(input);
  return `${input}.${typeof signature === 'string' ? signature : segment(signature)}`;
}

const same = (json: string) => json;

export const segment = (bytes: string | Buffer | object): string =>
  (typeof bytes === 'string' || Buffer.isBuffer(bytes)
    ? Buffer.from(bytes as Buffer)
    : Buffer.from(JSON.stringify(bytes))
  ).toString('base64url');

/** Returns a function that signs with a private key. By default, an ECDSA signature has the form of JWS. */
export const signer =
  (key: KeyObject, hash: string | undefined = 'sha256', how: Partial<SignKeyObjectInput> = {}) =>
  (input: string): Buffer =>
    signBytes(hash === '' ? undefined : hash, Buffer.from(input), {
      key,
      dsaEncoding: 'ieee-p1363',
      ...how,
    });

/** Returns the three segments of a token. */
export function split(token: string): [string, string, string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

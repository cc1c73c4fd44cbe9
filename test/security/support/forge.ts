import { sign as signBytes, type KeyObject, type SignKeyObjectInput } from 'node:crypto';

/** A token that is right in every way that is not said here; `undefined` leaves a member out. */
export interface Forgery {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  /** Changes the text of the header, for what no serializer would write. */
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

/** Puts a token together by hand: header, payload and signature, or whatever takes their place. */
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

/** Signs with a private key: for a key on a curve as JWS has it, unless told otherwise. */
export const signer =
  (key: KeyObject, hash: string | undefined = 'sha256', how: Partial<SignKeyObjectInput> = {}) =>
  (input: string): Buffer =>
    signBytes(hash === '' ? undefined : hash, Buffer.from(input), {
      key,
      dsaEncoding: 'ieee-p1363',
      ...how,
    });

/** A token in its three segments. */
export function split(token: string): [string, string, string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

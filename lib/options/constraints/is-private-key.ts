import { constraint } from '../validation/constraint.js';

/** Whether it signs is found out later: that takes time. */
export const IsPrivateKey = constraint('isPrivateKey', (value) => {
  if (typeof value === 'string') {
    return value.trimStart().startsWith('-----BEGIN PRIVATE KEY-----')
      ? undefined
      : 'must be PKCS #8 in PEM, from "-----BEGIN PRIVATE KEY-----" on, if it is a string';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'must be a private key: a PEM, a JWK, a CryptoKey or a KeyObject';
});

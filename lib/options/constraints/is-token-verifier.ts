import { TokenVerifier } from '../../token/token-verifier.js';
import { constraint } from '../validation/constraint.js';
import { isClass } from './values.js';

export const IsTokenVerifier = constraint('isTokenVerifier', (value) => {
  if (typeof value !== 'function') {
    return 'must be a function, or a class that extends TokenVerifier';
  }
  return isClass(value) && !(value.prototype instanceof TokenVerifier)
    ? 'must extend TokenVerifier, if it is a class'
    : undefined;
});

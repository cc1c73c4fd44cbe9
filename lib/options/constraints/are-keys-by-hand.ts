import { messageOf } from '../../errors/to-error.js';
import { readKeysByHand } from '../../token/keys-by-hand.js';
import { constraint } from '../validation/constraint.js';

/** Checks the option `jwks`: public keys that are written in the options. */
export const AreKeysByHand = constraint('areKeysByHand', (value) => {
  try {
    readKeysByHand(value);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
});

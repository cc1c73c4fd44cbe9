import { expect, it } from '@jest/globals';
import { forwardedCertificate } from '../../../../lib/possession/client-certificate/certificate-formats.js';

it.each([
  ['base64-der', 65_536, true],
  ['base64-der', 65_537, false],
] as const)(
  'reads a header of the format %s and of %d characters: %p',
  (format, length, isRead) => {
    expect(forwardedCertificate('A'.repeat(length), format) !== undefined).toBe(isRead);
  },
);

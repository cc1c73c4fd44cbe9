import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClientCertificateFormat } from 'nestjs-mcp-auth';
import { forwardedCertificate } from '../../lib/possession/client-certificate/certificate-formats.js';
import { certificateProblem } from '../../lib/possession/client-certificate/certificate-problem.js';
import { resolveClientCertificatePolicy } from '../../lib/possession/client-certificate/client-certificate-policy.js';
import { derOf, WRITERS, x5tOf } from '../support/forwarded-certificate.js';
import { OTHER_SELF_SIGNED, SELF_SIGNED } from '../support/self-signed.js';
import { anyText, nearly } from './arbitraries.js';

const VICTIM = derOf(OTHER_SELF_SIGNED.cert);
const OWN = derOf(SELF_SIGNED.cert);
const formats = Object.keys(WRITERS) as ClientCertificateFormat[];

/** The header values of a client that claims a certificate whose key it does not have. */
const forged = (format: ClientCertificateFormat) =>
  fc.oneof(fc.constant(WRITERS[format](VICTIM)), nearly(fc.constant(WRITERS[format](VICTIM))));

const thumbprint = (value: string, format: ClientCertificateFormat) =>
  forwardedCertificate(value, format)?.thumbprint;

describe.each(formats)('a client certificate in the format %s', (format) => {
  it('is read back, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), (bytes) => {
        const der = Buffer.from(bytes);
        expect(thumbprint(WRITERS[format](der), format)).toBe(x5tOf(der));
      }),
    );
  });

  it('is never the certificate in a second header field that the client sends', () => {
    const own = WRITERS[format](OWN);
    fc.assert(
      fc.property(forged(format), fc.boolean(), (sent, isFirst) => {
        // Node joins fields of one name in this way.
        const value = (isFirst ? [sent, own] : [own, sent]).join(', ');
        expect([undefined, x5tOf(OWN)]).toContain(thumbprint(value, format));
      }),
    );
  });

  it('is described in the log without text from the header field', () => {
    const policy = resolveClientCertificatePolicy({
      header: 'Client-Cert',
      format,
      trustedProxies: ['10.0.0.1'],
    });
    const socket = { remoteAddress: '10.0.0.1' };
    fc.assert(
      fc.property(fc.oneof(anyText, ...formats.map(forged)), (sent) => {
        const problem = certificateProblem(
          { headers: { 'client-cert': sent }, socket },
          policy ?? 'tls',
        );
        expect(problem).toMatch(
          /^the (?:header "client-cert" |request shows another certificate \(its x5t#S256 is [\w-]{43}\))/,
        );
        expect(problem).toMatch(/^[ \w(){}"#.,:;'-]{20,300}$/);
        expect(problem).not.toContain(VICTIM.toString('base64').slice(40, 60));
      }),
    );
  });
});

describe('X-Forwarded-Client-Cert', () => {
  it('never yields another certificate, whatever names the own certificate of the client has', () => {
    const pair = WRITERS.xfcc(VICTIM).split(';')[0] ?? '';
    const name = fc.oneof(
      anyText,
      nearly(fc.constantFrom(pair, `;${pair};`, `,By=http://x;${pair};x="`, `";${pair};x="`)),
    );
    const names = fc.record({ Subject: name, URI: name, DNS: name });
    fc.assert(
      fc.property(names, fc.string(), ({ Subject, URI, DNS }, by) => {
        const value = `By=${by};${WRITERS.xfcc(OWN)};Subject="${Subject}";URI=${URI};DNS=${DNS}`;
        expect([undefined, x5tOf(OWN)]).toContain(thumbprint(value, 'xfcc'));
      }),
    );
  });
});

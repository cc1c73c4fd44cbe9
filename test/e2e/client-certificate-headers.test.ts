import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ClientCertificateFormat, ClientCertificateHeader } from 'nestjs-mcp-auth';
import { adapters, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { send } from '../support/dpop/laboratory.js';
import { derOf, WRITERS, x5tOf } from '../support/forwarded-certificate.js';
import { OTHER_SELF_SIGNED, SELF_SIGNED } from '../support/self-signed.js';
import { NotesController } from '../support/notes.controller.js';
import { serve, useIssuer } from '../support/serve.js';

const CLIENT = derOf(OTHER_SELF_SIGNED.cert);
const OTHER = derOf(SELF_SIGNED.cert);
const bound = { cnf: { 'x5t#S256': x5tOf(CLIENT) } };

const write = (format: ClientCertificateFormat) =>
  [WRITERS[format](CLIENT), WRITERS[format](OTHER)] as const;
const [pem, otherPem] = write('url-encoded-pem');
const [base64, otherBase64] = write('base64-der');
const [element, otherElement] = write('xfcc');
const [hash, otherHash] = [element, otherElement].map((text) => text.replace(/;.*/, '')) as [
  string,
  string,
];

/**
 * Returns a PEM as AWS documents it: `+`, `=` and `/` are not escaped. The example of AWS escapes them
 * nevertheless.
 */
const awsPem = (text: string) =>
  text.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=');
/** The subject as Envoy writes it, in quotation marks. */
const subject = 'Subject="CN=Test Client,OU=Lyft,L=San Francisco,ST=CA,C=US"';

type Sent = string | string[];
interface Proxy extends Pick<ClientCertificateHeader, 'header' | 'format'> {
  accepted: Record<string, Sent>;
  refused: Record<string, Sent>;
}

const PROXIES: Record<string, Proxy> = {
  'Envoy and Istio': {
    header: 'X-Forwarded-Client-Cert',
    format: 'xfcc',
    accepted: {
      'only the digest': hash,
      'the certificate beside it': element,
      'every key that Envoy can write': `By=http://frontend.example.com;${element};Chain="${pem}${otherPem}";${subject};URI=http://client.example.com;DNS=a.example.com;DNS=www.example.com`,
      'no name of its own, as the gateway of Istio': `${element};${subject};URI=`,
      'keys in lower case, and digits in upper case': `hash=${hash.slice(5).toUpperCase()}`,
      'a subject with commas, semicolons and quotes': String.raw`${hash};Subject="CN=a\",b;c=\"d"`,
      'a certificate that another chain contains': `${hash};Chain="${otherPem}${pem}"`,
    },
    refused: {
      'another certificate': otherElement,
      'no digest': `Cert="${pem}"`,
      'a digest that is cut short': hash.slice(0, -1),
      'a digest that is too long': `${hash}0`,
      'a digest in quotes': `Hash="${hash.slice(5)}"`,
      'a digest that is not a pair of its own': `By=x${hash}`,
      'an element before it': `${element},${otherElement}`,
      'an element after it, as a sidecar appends it': `${otherElement},${element}`,
      'the digest twice in one element': `${otherHash};${hash}`,
      'a digest in the URI of the certificate': `${otherHash};${subject};URI=http://x;${hash}`,
      'an element in the URI of the certificate': `${otherHash};URI=http://x,By=http://y;${hash}`,
      'a digest in the subject': `${otherHash};Subject="CN=";${hash};x=""`,
      'a field of the client before its own': [element, otherElement],
      'a field of the client after its own': [otherElement, element],
      'a field of the client that opens a quote': [`${hash};x="`, otherElement],
      'the same digest twice': [hash, hash],
    },
  },
  'AWS, passthrough mode': {
    header: 'X-Amzn-Mtls-Clientcert',
    format: 'url-encoded-pem',
    accepted: {
      'one certificate': awsPem(pem),
      'a chain': awsPem(pem + otherPem),
      'a chain with everything escaped': pem + otherPem,
      'a chain of four': pem + otherPem + otherPem + otherPem,
    },
    refused: {
      'another certificate': awsPem(otherPem),
      'a chain in which it is not the first': awsPem(otherPem + pem),
      'a chain in which the second is cut short': pem + otherPem.slice(0, -30),
      'something between two certificates': `${pem}x${otherPem}`,
      'a comma between two certificates': `${pem},${otherPem}`,
      'two fields': [pem, otherPem],
    },
  },
  'AWS, verify mode': {
    header: 'X-Amzn-Mtls-Clientcert-Leaf',
    format: 'url-encoded-pem',
    accepted: { 'one certificate': awsPem(pem) },
    refused: { 'another certificate': awsPem(otherPem), 'two fields': [otherPem, pem] },
  },
  Traefik: {
    header: 'X-Forwarded-Tls-Client-Cert',
    format: 'base64-der-chain',
    accepted: {
      'one certificate': base64,
      'a chain': `${base64},${otherBase64}`,
      'a chain of four': [base64, otherBase64, otherBase64, otherBase64].join(','),
    },
    refused: {
      'another certificate': otherBase64,
      'a chain in which it is not the first': `${otherBase64},${base64}`,
      'two fields, of which the client sent the first': [base64, otherBase64],
      'an empty element': `${base64},`,
      'an empty first element': `,${base64}`,
      'an escaped comma': `${base64}%2C${otherBase64}`,
    },
  },
};

const trustedProxies = ['127.0.0.1', '::1'];

describe.each(adapters)('the documented client certificate headers, on %s', (adapter) => {
  describe.each(Object.entries(PROXIES))('%s', (_, { header, format, accepted, refused }) => {
    const server = serve(adapter, {
      resource: { clientCertificate: { header, format, trustedProxies } },
    });
    const statusFor = async (value: Sent) => {
      const authorization = `Bearer ${await server.mint({ claims: bound })}`;
      return (await send(server.url, { authorization, [header]: value })).status;
    };

    it.each(Object.entries(accepted))('accepts %s', async (_name, value) => {
      expect(await statusFor(value)).toBe(200);
    });

    it.each(Object.entries(refused))('refuses %s', async (_name, value) => {
      expect(await statusFor(value)).toBe(401);
    });
  });

  describe('that cannot be read', () => {
    const issuer = useIssuer();
    let warnings: string[];
    beforeEach(() => {
      warnings = [];
      jest.spyOn(Logger.prototype, 'warn').mockImplementation((message) => {
        warnings.push(String(message));
      });
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      await stopApps();
    });

    it.each<[string, Partial<ClientCertificateHeader>, Sent, string]>([
      [
        'Envoy appends',
        { format: 'xfcc' },
        `${element},${otherElement}`,
        'more than one Hash: have',
      ],
      ['nothing was configured for Envoy', {}, element, 'it has the format "xfcc": set'],
      ['Caddy has no certificate', {}, '::', 'it is empty: the client showed no certificate'],
      ['Envoy writes no digest', { format: 'xfcc' }, `Cert="${pem}"`, 'it cannot be read'],
      [
        'the format of Traefik is not set',
        { format: 'base64-der' },
        `${base64},${otherBase64}`,
        'which only the format "base64-der-chain" allows, or two such headers',
      ],
      [
        'there are two fields',
        { format: 'base64-der-chain' },
        [otherBase64, base64],
        'or two such headers, one of which the proxy has to remove',
      ],
      [
        'Envoy has another certificate',
        { format: 'xfcc' },
        otherElement,
        `another certificate (its x5t#S256 is ${x5tOf(OTHER)})`,
      ],
    ])('the log says once why: %s', async (_, more, value, reason) => {
      const clientCertificate = { header: 'Client-Cert', trustedProxies, ...more };
      const options = oneResource(issuer.url, { clientCertificate });
      const { url } = await startApp({ adapter, options, controllers: [NotesController] });
      warnings.length = 0;
      const statusOf = async (claims: Record<string, unknown>) => {
        const token = await issuer.mint({ audience: RESOURCE, claims });
        const headers = { authorization: `Bearer ${token}`, 'client-cert': value };
        return (await send(url, headers)).status;
      };
      // A plain token needs no certificate.
      expect([await statusOf({}), warnings]).toEqual([200, []]);
      expect([await statusOf(bound), await statusOf(bound)]).toEqual([401, 401]);
      expect(warnings).toEqual([expect.stringContaining(reason)]);
      for (const part of [base64, otherBase64]) {
        expect(warnings[0]).not.toContain(part.slice(40, 60));
      }
    });
  });
});

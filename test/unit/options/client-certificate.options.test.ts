import { describe, it } from '@jest/globals';
import type { McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { expectOneMistake, failureOf, options } from '../../support/option-mistakes.js';

const clientCertificateMistakes = (
  [
    ['a string', 'mtls', ' must be an object'],
    [
      'a header without trusted proxies',
      { header: 'Client-Cert' },
      '.header needs "trustedProxies" next to it; name the addresses of the proxy there',
    ],
    [
      'a header that is not a header name',
      { header: 'Client Cert', trustedProxies: ['10.0.0.1'] },
      '.header must be the name of a header field, such as "Client-Cert"',
    ],
    [
      'proxies without a header',
      { trustedProxies: ['10.0.0.1'] },
      '.trustedProxies has no effect without "header"; add "header", or leave this out',
    ],
    [
      'an empty list of proxies',
      { header: 'Client-Cert', trustedProxies: [] },
      '.trustedProxies must contain at least one address',
    ],
    ...['0.0.0.0/0', '::/0'].map(
      (everybody) =>
        [
          `every address as a proxy: ${everybody}`,
          { header: 'Client-Cert', trustedProxies: [everybody] },
          '.trustedProxies item 0 must not include every address; name the addresses of the proxy',
        ] as const,
    ),
    ...[
      'proxy.example.com',
      '10.0.0.0/33',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      'fe80::1%eth0',
      ['::1'],
    ].map(
      (address) =>
        [
          `an invalid proxy address: ${String(address)}`,
          { header: 'Client-Cert', trustedProxies: [address] },
          '.trustedProxies item 0 must be an IP address or a subnet, such as "10.1.2.3" or "10.0.0.0/8"',
        ] as const,
    ),
    [
      'an unknown format',
      { header: 'Client-Cert', format: 'pem', trustedProxies: ['::1'] },
      '.format must be one of: rfc9440, url-encoded-pem, base64-der, base64-der-chain, xfcc',
    ],
  ] as const
).map(([name, clientCertificate, rest]): [string, McpAuthModuleOptions, string] => [
  `clientCertificate: ${name}`,
  options({ resource: { clientCertificate } }),
  `protectedResources.clientCertificate${rest}`,
]);

describe('wrong options are reported in one line with path, value and remedy', () => {
  it.each<[string, McpAuthModuleOptions, string]>([...clientCertificateMistakes])(
    '%s',
    (_, given, expected) => {
      expectOneMistake(failureOf(given), expected);
    },
  );
});

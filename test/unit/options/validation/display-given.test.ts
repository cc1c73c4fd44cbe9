import { describe, expect, it } from '@jest/globals';
import { displayGiven } from '../../../../lib/options/validation/display-given.js';

const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ==\n-----END PRIVATE KEY-----';

describe('displayGiven', () => {
  it.each<[string, unknown, string]>([
    ['cacheTtl', -1, ' (given: -1)'],
    ['tokenCache', { max: 0 }, ' (given: { max: 0 })'],
    ['resource', undefined, ' (given: nothing)'],
    ['issuer', 'https://user:pass@auth.example.com', " (given: 'https://…@auth.example.com')"],
  ])('shows the value of %s', (path, value, shown) => {
    expect(displayGiven(path, value)).toBe(shown);
  });

  it.each<[string, unknown]>([
    ['authorizationServers[0].clientSecret', 'value'],
    ['authorizationServers[0].bearerToken', 'value'],
    ['authorizationServers[0].bearerTokn', 'value'],
    ['authorizationServers[0].acessToken', 'value'],
    ['authorizationServers[0].passphrase', 'value'],
    ['authorizationServers[0].key', 'value'],
    ['authorizationServers[0].tlsClientAuth', { cert: 'value' }],
    ['authorizationServers[0].mtls', { key: 'value', cert: 'value' }],
    ['authorizationServers[0].oauth', { passphrase: 'value' }],
    ['authorizationServers[0].introspecton', 'value'],
    ['authorizationServers[0].signWith', PEM],
    ['authorizationServers[0].signWith', { pem: PEM }],
    ['authorizationServers[0].signWith', [PEM]],
    ['authorizationServers[0].signWith', Buffer.from(PEM)],
    ['store', 'rediss://value'],
  ])('does not show what may be a secret: %s', (path, value) => {
    expect(displayGiven(path, value)).toBe('');
  });
});

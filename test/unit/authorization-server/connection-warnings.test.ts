import { describe, expect, it } from '@jest/globals';
import { connectionWarnings } from '../../../lib/authorization-server/connection-warnings.js';

const ISSUER = 'https://auth.example.com';
const introspection = { clientId: 'notes', clientSecret: 'c'.repeat(32) };

const warnings = (options: object, issuer = ISSUER, environment?: string) =>
  connectionWarnings(issuer, { issuer, ...options }, environment);

const FOR_DEVELOPMENT = (issuer: string) =>
  `The authorization server ${issuer} is for development: in production (NODE_ENV) an issuer has an https: URL that clients can reach.`;

describe('start-up warnings about the connection to an authorization server', () => {
  it('are none for an https: server, even with introspection', () => {
    expect(warnings({ introspection }, ISSUER, 'production')).toEqual([]);
  });

  it('say what allowInsecureRequests permits', () => {
    expect(warnings({ allowInsecureRequests: true })).toEqual([
      `Keys of the authorization server ${ISSUER} may be fetched over http: (allowInsecureRequests): anyone who can change them in transit can make tokens that are accepted.`,
    ]);
    expect(warnings({ allowInsecureRequests: true, introspection })[1]).toBe(
      `Tokens may be sent to the authorization server ${ISSUER} over http: (introspection with allowInsecureRequests): anyone who can read them in transit can use them.`,
    );
  });

  it('say what allowPrivateNetwork permits', () => {
    expect(warnings({ allowPrivateNetwork: true })).toEqual([
      `The metadata, the keys and the introspection endpoint of the authorization server ${ISSUER} are allowed to be at an address on a private network or on this machine, even if the issuer is not (allowPrivateNetwork).`,
    ]);
  });

  it.each(['http://auth.example.com', 'https://localhost:3000', 'http://127.0.0.1'])(
    'say in production only that %s is for development',
    (issuer) => {
      expect(warnings({}, issuer, 'production')).toEqual([FOR_DEVELOPMENT(issuer)]);
      expect(warnings({}, issuer, 'test')).toEqual([]);
      expect(warnings({}, issuer)).toEqual([]);
    },
  );
});

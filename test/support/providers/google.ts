import {
  AuthorizationServerUnavailableError,
  InvalidTokenError,
  type VerifyToken,
} from 'nestjs-mcp-auth';
import { AUDIENCE, MCP, type Provider } from './provider.js';

export const GOOGLE_CLIENT = '1234567890-abc.apps.googleusercontent.com';

/** ID tokens: Google's access tokens are opaque. */
export const googleIdTokens: Provider = {
  name: 'Google, whose only JWTs are ID tokens',
  issuer: 'https://accounts.google.com',
  header: { typ: 'JWT' },
  options: (server) => ({ metadata: { resource: MCP, authorizationServers: [server] } }),
  accepted: [],
  refused: [
    {
      name: 'an ID token',
      claims: {
        azp: GOOGLE_CLIENT,
        aud: GOOGLE_CLIENT,
        sub: '110248495921238986420',
        email: 'alice@example.com',
        email_verified: true,
      },
      status: 401,
      description: AUDIENCE,
    },
  ],
};

interface TokenInfo {
  aud: string;
  azp: string;
  sub?: string;
  scope: string;
  /** The expiry in seconds since the epoch, as a string. */
  exp: string;
}

/** Returns the verifier of docs/providers/google.md, with another URL of Google. */
export function googleVerifier(google: string): VerifyToken {
  const tokenInfo = async (token: string): Promise<TokenInfo> => {
    const url = new URL('/tokeninfo', google);
    url.searchParams.set('access_token', token);
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'error' });
    if (response.status === 400) {
      throw new InvalidTokenError();
    }
    if (!response.ok) {
      throw new Error(`Google answered ${response.status}.`);
    }
    return (await response.json()) as TokenInfo;
  };

  return async (token) => {
    if (!/^ya29\.\S{1,2048}$/.test(token)) {
      throw new InvalidTokenError('malformed');
    }
    const { aud, azp, sub, scope, exp } = await tokenInfo(token).catch((cause: unknown) => {
      throw cause instanceof InvalidTokenError
        ? cause
        : new AuthorizationServerUnavailableError('Google cannot be asked.', 5, { cause });
    });
    return {
      issuer: 'https://accounts.google.com',
      audience: aud,
      clientId: azp,
      subject: sub,
      scopes: scope.split(' '),
      expiresAt: Number(exp),
    };
  };
}

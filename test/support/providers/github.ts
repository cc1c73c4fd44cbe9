import {
  AuthorizationServerUnavailableError,
  InvalidTokenError,
  type VerifyToken,
} from 'nestjs-mcp-auth';

export const GITHUB_CLIENT = 'Iv1.8a61f9b3a7aba766';

interface Authorization {
  app: { client_id: string };
  user: { id: number; login: string };
  scopes: string[] | null;
  expires_at: string | null;
}

/** Returns the verifier of docs/providers/github.md, with another URL of GitHub and another client. */
export function githubVerifier(
  github: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): VerifyToken {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');

  const check = async (token: string): Promise<Authorization> => {
    const response = await fetch(`${github}/applications/${clientId}/token`, {
      method: 'POST',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Basic ${credentials}`,
        'user-agent': 'notes-api',
      },
      body: JSON.stringify({ access_token: token }),
      signal: AbortSignal.timeout(5000),
      redirect: 'error',
    });
    if (response.status === 404) {
      throw new InvalidTokenError();
    }
    if (!response.ok) {
      throw new Error(`GitHub answered ${response.status}.`);
    }
    return (await response.json()) as Authorization;
  };

  return async (token) => {
    if (!/^gh[ou]_\w{1,251}$/.test(token)) {
      throw new InvalidTokenError('malformed');
    }
    const { app, user, scopes, expires_at } = await check(token).catch((cause: unknown) => {
      throw cause instanceof InvalidTokenError
        ? cause
        : new AuthorizationServerUnavailableError('GitHub cannot be asked.', 5, { cause });
    });
    return {
      issuer: 'https://github.com/login/oauth',
      audience: app.client_id,
      clientId: app.client_id,
      subject: String(user.id),
      scopes: scopes ?? [],
      expiresAt: expires_at === null ? undefined : Date.parse(expires_at) / 1000,
      claims: { login: user.login },
    };
  };
}

import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { USERS } from '../users.js';
import type { McpSession } from './mcp-session.js';
import { expect, type Narrator } from '../../walk-through/narrator.js';

/** Shows how the user logs in, and how the client gets a token for this resource only. */
export async function tellLogin(
  narrator: Narrator,
  session: McpSession,
  name: keyof typeof USERS,
  granted: readonly string[],
): Promise<void> {
  const isStepUp = session.accessToken !== '';
  await narrator.step(
    isStepUp
      ? `${name} steps up: the client asks the authorization server for its scopes and the missing scope`
      : `${name} logs in at the authorization server, in a browser, and allows access`,
    async () => {
      const asked = session.authorizationUrl?.searchParams;
      expect(asked?.get('code_challenge_method') === 'S256', 'the client does not use PKCE');
      await session.logIn();
      return [`asked for: ${asked.get('scope') ?? ''}`, `for: ${asked.get('resource') ?? ''}`];
    },
  );

  const then = isStepUp ? 'tries again' : 'connects';
  await narrator.step(
    `The client exchanges the code for an access token, and ${then}`,
    async () => {
      await session.connect();
      const { typ } = decodeProtectedHeader(session.accessToken);
      const {
        aud,
        sub,
        scope,
        exp = 0,
        iat = 0,
      } = decodeJwt<{ scope: string }>(session.accessToken);
      expect(sub === name, `the subject of the token is ${sub ?? 'missing'}`);
      expect(
        aud === session.authorizationUrl?.searchParams.get('resource'),
        `the token is for ${String(aud)}`,
      );
      expect(scope === granted.join(' '), `the token allows ${scope}`);
      return [
        `${typ ?? 'JWT'} for ${(exp - iat) / 60} minutes`,
        `audience: ${String(aud)}`,
        `scope: ${scope}${name === 'user' ? ', and user has no other scopes' : ''}`,
      ];
    },
  );
}

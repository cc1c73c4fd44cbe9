import { letIn, noSession, unauthorized } from '../support/answers.js';
import { requests, type Attack, type OrdinaryRequest } from '../support/attack.js';
import type { Laboratory } from '../support/laboratory.js';
import { call } from '../support/mcp.js';
import { MCP, SESSIONS } from '../support/places.js';

/** The id of a session that Alice has just opened. */
const SESSION = 'a7c1f2de-0000-4000-8000-51e5510a11ce';

/** Returns a request of another caller with the id of a session that Alice has opened before. */
const presenting =
  (
    fields: readonly string[],
    token: (lab: Laboratory) => string | undefined,
    more: Partial<OrdinaryRequest> = {},
  ) =>
  async (lab: Laboratory): Promise<OrdinaryRequest> => {
    await open(lab);
    const usual: Partial<OrdinaryRequest> = {
      method: 'POST',
      body: JSON.stringify(call('tools/list')),
    };
    const request = { ...usual, ...more };
    const type = request.body === undefined ? [] : ['Content-Type', 'application/json'];
    return { path: SESSIONS.path, token: token(lab), ...request, headers: [...type, ...fields] };
  };

async function open(lab: Laboratory, token = lab.tokenFor(MCP, 'mcp')): Promise<void> {
  const response = await fetch(lab.url + SESSIONS.path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(call('initialize', { session: SESSION })),
  });
  if (response.status !== 200 || response.headers.get('mcp-session-id') !== SESSION) {
    throw new Error('The application has opened no session.');
  }
}

const ID = ['Mcp-Session-Id', SESSION];
const bob = (lab: Laboratory) => lab.tokenFor(MCP, 'mcp', { sub: 'bob' });

export const sessions: Attack[] = [
  ...requests(
    'MCP security best practices, "Session Hijacking"; MCP transports, "Session Management"',
    'a session of another subject is answered as one that does not exist',
    noSession,
    {
      'a request with the session of another subject of the same client': presenting(ID, bob),
      'a GET with the session of another subject': presenting(ID, bob, {
        method: 'GET',
        body: undefined,
      }),
      'a DELETE with the session of another subject': presenting(ID, bob, {
        method: 'DELETE',
        body: undefined,
      }),
      'a request with the session of the same subject at another issuer': presenting(ID, (lab) =>
        lab.forge({ claims: { aud: MCP.resource, scope: 'mcp' } }, lab.other),
      ),
      'a request of a client without a subject, whose id is the subject of the session': presenting(
        ID,
        (lab) => lab.tokenFor(MCP, 'mcp', { sub: undefined, client_id: 'alice' }),
      ),
      'a request of the client of the session without a subject': presenting(ID, (lab) =>
        lab.tokenFor(MCP, 'mcp', { sub: undefined }),
      ),
      'a request of the subject of the session in another case': presenting(ID, (lab) =>
        lab.tokenFor(MCP, 'mcp', { sub: 'Alice' }),
      ),
      'a request of the subject of the session and a space': presenting(ID, (lab) =>
        lab.tokenFor(MCP, 'mcp', { sub: 'alice ' }),
      ),
      'a request of a subject that contains the JSON of the issuer and subject of the session':
        presenting(ID, (lab) =>
          lab.tokenFor(MCP, 'mcp', { sub: `alice"],["${lab.issuer.url}","alice` }),
        ),
      'a request with two session ids, the second of another subject': presenting(
        ['Mcp-Session-Id', 'x', ...ID],
        bob,
      ),
      'a request with two session ids, the first of another subject': presenting(
        [...ID, 'Mcp-Session-Id', 'x'],
        bob,
      ),
      'a request with a list of session ids, one of another subject': presenting(
        ['Mcp-Session-Id', `x, ${SESSION} ,y`],
        bob,
      ),
      'a request with the session id of another subject between spaces': presenting(
        ['MCP-SESSION-ID', `  ${SESSION}\t`],
        bob,
      ),
      'a request with the session of another subject, which the server gave to both': async (
        lab,
      ) => {
        const request = await presenting(ID, bob)(lab);
        await open(lab, bob(lab));
        return request;
      },
      'an initialize request with the session of another subject': presenting(ID, bob, {
        body: JSON.stringify(call('initialize', { session: SESSION })),
      }),
    },
  ),
  ...requests(
    'MCP security best practices, "Session Hijacking"',
    'a session does not take the place of a token',
    unauthorized(SESSIONS),
    {
      'a request with a session and without a token': presenting(ID, () => undefined),
      'a request with a session as its Authorization': presenting(
        [...ID, 'Authorization', `Session ${SESSION}`],
        () => undefined,
      ),
    },
  ),
  ...requests(
    'MCP transports, "Session Management"',
    'a request without the session id of another caller in its header is let in',
    letIn({ carriedOut: [['tools/list']] }),
    {
      'a request with the session id of another subject in capitals': presenting(
        ['Mcp-Session-Id', SESSION.toUpperCase()],
        bob,
      ),
      'a request with the session id of another subject only in the query': presenting([], bob, {
        path: `${SESSIONS.path}?Mcp-Session-Id=${SESSION}`,
      }),
    },
  ),
];

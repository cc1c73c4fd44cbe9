import { letIn, noSession, unauthorized } from '../support/answers.js';
import { requests, type Attack, type OrdinaryRequest } from '../support/attack.js';
import type { Laboratory } from '../support/laboratory.js';
import { call } from '../support/mcp.js';
import { MCP, SESSIONS } from '../support/places.js';

/** The id of a session that Alice has just opened. */
const SESSION = 'a7c1f2de-0000-4000-8000-51e5510a11ce';

/** Makes a request with a session id of another caller. Alice has opened the session before. */
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
    'a session is the subject’s who opened it; to others it is not there',
    noSession,
    {
      'another subject of the same client': presenting(ID, bob),
      'another subject that listens': presenting(ID, bob, { method: 'GET', body: undefined }),
      'another subject that ends it': presenting(ID, bob, { method: 'DELETE', body: undefined }),
      'the same subject of another issuer': presenting(ID, (lab) =>
        lab.forge({ claims: { aud: MCP.resource, scope: 'mcp' } }, lab.other),
      ),
      'a client of the same name without a subject': presenting(ID, (lab) =>
        lab.tokenFor(MCP, 'mcp', { sub: undefined, client_id: 'alice' }),
      ),
      'the same client without a subject': presenting(ID, (lab) =>
        lab.tokenFor(MCP, 'mcp', { sub: undefined }),
      ),
      'a subject in another case': presenting(ID, (lab) =>
        lab.tokenFor(MCP, 'mcp', { sub: 'Alice' }),
      ),
      'a subject and a space': presenting(ID, (lab) => lab.tokenFor(MCP, 'mcp', { sub: 'alice ' })),
      'a subject that looks like the identity of another': presenting(ID, (lab) =>
        lab.tokenFor(MCP, 'mcp', { sub: `alice"],["${lab.issuer.url}","alice` }),
      ),
      'another subject, the id the second of two': presenting(['Mcp-Session-Id', 'x', ...ID], bob),
      'another subject, the id the first of two': presenting([...ID, 'Mcp-Session-Id', 'x'], bob),
      'another subject, the id in a list': presenting(['Mcp-Session-Id', `x, ${SESSION} ,y`], bob),
      'another subject, spaces around the id': presenting(
        ['MCP-SESSION-ID', `  ${SESSION}\t`],
        bob,
      ),
      'another subject who has been given the same id since': async (lab) => {
        const request = await presenting(ID, bob)(lab);
        await open(lab, bob(lab));
        return request;
      },
      'another subject that wants to be given the session': presenting(ID, bob, {
        body: JSON.stringify(call('initialize', { session: SESSION })),
      }),
    },
  ),
  ...requests(
    'MCP security best practices, "Session Hijacking"',
    'a session is not used for authentication',
    unauthorized(SESSIONS),
    {
      'a session without a token': presenting(ID, () => undefined),
      'a session in the place of a token': presenting(
        [...ID, 'Authorization', `Session ${SESSION}`],
        () => undefined,
      ),
    },
  ),
  ...requests(
    'MCP transports, "Session Management"',
    'an id that nobody has been given is nobody’s',
    letIn({ carriedOut: [['tools/list']] }),
    {
      'another subject, the id in another case': presenting(
        ['Mcp-Session-Id', SESSION.toUpperCase()],
        bob,
      ),
      'another subject, the id in the query': presenting([], bob, {
        path: `${SESSIONS.path}?Mcp-Session-Id=${SESSION}`,
      }),
    },
  ),
];

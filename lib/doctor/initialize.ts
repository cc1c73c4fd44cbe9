import type { Answer, Asker } from './ask.js';
import { attempt } from './attempt.js';

const BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'nestjs-mcp-auth-doctor', version: '1.0.0' },
  },
});

/**
 * Sends an `initialize` request of MCP to the URL that the user named. If the server opens a session for it, the
 * session is closed (MCP, "Session Management"). The errors are those of {@link Asker.ask}.
 */
export async function initialize(
  asker: Asker,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const accept = 'application/json, text/event-stream';
  const answer = await asker.ask(asker.named, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: BODY,
  });
  await closeSession(asker, answer, headers);
  return answer;
}

async function closeSession(
  asker: Asker,
  answer: Answer,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const session = answer.headers['mcp-session-id'];
  if (answer.status < 300 && typeof session === 'string' && /^[\x21-\x7e]+$/.test(session)) {
    // The result is ignored, because a server need not support the end of a session.
    await attempt('', async () => {
      const ended = { method: 'DELETE', headers: { ...headers, 'mcp-session-id': session } };
      await asker.ask(asker.named, ended);
      return [];
    });
  }
}

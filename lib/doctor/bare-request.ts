import type { Answer } from './ask.js';
import { ok, problem, type Finding } from './finding.js';

const CHECK = 'bare_request';

/** Checks the answer to a request without a token: it must be 401, because clients log in after a 401. */
export function bareRequest({ status, headers }: Answer): Finding {
  if (status === 401) {
    return ok(CHECK, 'A request without a token is answered with 401.');
  }
  if (status >= 300 && status < 400) {
    return problem(
      CHECK,
      `The answer is a redirect (${status}) to ${headers.location ?? 'nowhere'}. Clients may lose the token there.`,
      'Give clients the URL where the redirect leads, or stop the redirect.',
    );
  }
  if (status < 300) {
    return problem(
      CHECK,
      `A request without a token is accepted (${status}), so clients never log in.`,
      'Reject initialize without a token. With nestjs-mcp-auth, remove @Public() and @OptionalAuth(), or register the guard.',
    );
  }
  return problem(
    CHECK,
    `A request without a token is answered with ${status}, not 401.`,
    remedyOf(status),
  );
}

function remedyOf(status: number): string {
  if (status === 404 || status === 405) {
    return 'Check the path: no MCP server answers a POST there. A proxy may change the path before it forwards a request.';
  }
  if (status === 403) {
    return 'Answer 401. If the server or a proxy rejects the host name, let it accept this host name.';
  }
  return status >= 500
    ? 'Look into the log of the server, and of the proxy before it.'
    : 'Check the token before any other part of the request, and answer 401.';
}

import type { Answer, Asker } from './ask.js';
import { ok, skipped, warning, type Finding } from './finding.js';
import { initialize } from './initialize.js';

/** An origin that no real page has, because `.example` is reserved (RFC 6761). */
const ORIGIN = 'https://nestjs-mcp-auth-doctor.example';
/** The headers that clients in browsers send. Pages can send them only if the preflight allows these headers. */
const HEADERS = ['authorization', 'content-type', 'mcp-protocol-version'];
const REMEDY =
  'If clients in browsers should be able to call the server, turn CORS on. With Nest, call app.enableCors(). With nestjs-mcp-auth, also list the origins in the option allowedOrigins.';

/** Checks whether pages of another origin can call the server (Fetch standard, "CORS protocol"). */
export async function cors(asker: Asker): Promise<Finding[]> {
  const preflight = await asker.ask(asker.named, {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': HEADERS.join(','),
    },
  });
  const finding = preflightFinding(preflight);
  if (finding.status !== 'ok') {
    return [finding, skipped('cors_challenge', 'The preflight does not allow the request.')];
  }
  return [finding, challengeFinding(await initialize(asker, { origin: ORIGIN }))];
}

/** Checks whether pages of another origin can read the metadata document. */
export async function corsOfMetadata(asker: Asker, url: string): Promise<Finding[]> {
  const answer = await asker.ask(url, { method: 'GET', headers: { origin: ORIGIN } });
  return [
    allowsOrigin(answer)
      ? ok('cors_metadata', 'Pages of other origins can read the metadata.')
      : warning(
          'cors_metadata',
          'Pages of other origins cannot read the metadata.',
          'Send Access-Control-Allow-Origin: * with the metadata. It is public.',
        ),
  ];
}

function preflightFinding(answer: Answer): Finding {
  if (answer.status === 401) {
    const description = 'The preflight of a page of another origin is answered with 401.';
    const remedy = `Answer OPTIONS without a token, because browsers send no token with it. ${REMEDY}`;
    return warning('cors_preflight', description, remedy);
  }
  if (answer.status >= 300 || !allowsOrigin(answer)) {
    const description = `Pages of an origin that the server does not know cannot call the server: it does not allow the preflight (status ${answer.status}).`;
    return warning('cors_preflight', description, REMEDY);
  }
  const missing = notAllowed(names(answer, 'access-control-allow-headers'));
  return missing.length === 0
    ? ok('cors_preflight', 'Pages of other origins can call the server.')
    : warning(
        'cors_preflight',
        `The preflight does not allow these headers: ${missing.join(', ')}.`,
        'List them in Access-Control-Allow-Headers.',
      );
}

/** Returns the headers that are not allowed. A `*` allows every header but `Authorization`. */
function notAllowed(allowed: readonly string[]): string[] {
  const isAllowed = (name: string) =>
    allowed.includes(name) || (allowed.includes('*') && name !== 'authorization');
  return HEADERS.filter((name) => !isAllowed(name));
}

function challengeFinding(answer: Answer): Finding {
  if (answer.status === 403) {
    const description =
      'The server rejects pages of an origin that the server does not know (403).';
    return skipped('cors_challenge', description);
  }
  if (answer.status !== 401) {
    return skipped('cors_challenge', `The answer is ${answer.status}, not 401.`);
  }
  const exposed = names(answer, 'access-control-expose-headers');
  const isReadable =
    allowsOrigin(answer) && (exposed.includes('www-authenticate') || exposed.includes('*'));
  return isReadable
    ? ok('cors_challenge', 'Pages of other origins can read WWW-Authenticate.')
    : warning(
        'cors_challenge',
        'Pages of other origins cannot read WWW-Authenticate, so they do not learn where to log in.',
        'List WWW-Authenticate in Access-Control-Expose-Headers, and also send Access-Control-Allow-Origin with a 401.',
      );
}

function allowsOrigin({ headers }: Answer): boolean {
  return ['*', ORIGIN].includes(headers['access-control-allow-origin'] ?? '');
}

function names({ headers }: Answer, name: string): string[] {
  const value = headers[name];
  return String(value ?? '')
    .toLowerCase()
    .split(',')
    .map((item) => item.trim());
}

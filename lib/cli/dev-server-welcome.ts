import type {
  DevServer,
  DevServerResource,
  DevServerUser,
} from '../dev-server/dev-server.options.js';
import type { ResolvedOptions } from '../dev-server/resolved-options.js';
import { isLoopback } from '../url/loopback.js';

/** Returns the text that says how to use the server: the options of the module, and calls for each user. */
export async function welcomeText(
  server: DevServer,
  { resources, users }: ResolvedOptions,
): Promise<string> {
  const calls = await Promise.all(users.map((user) => callsOf(user, server, resources)));
  return [
    `Authorization server for development: ${server.issuer}`,
    '',
    'Trust it in your application, with McpAuthModule.forRoot():',
    '',
    moduleOptions(server, resources),
    '',
    'Call your application, with tokens that are valid for 12 hours:',
    '',
    ...calls,
    `Or give ${resources[0]?.resource ?? ''} to an MCP client, and sign in. Ctrl+C stops the server.`,
  ].join('\n');
}

function moduleOptions({ issuer }: DevServer, resources: readonly DevServerResource[]): string {
  const isInsecure = isInsecureElsewhere(issuer);
  const servers = isInsecure
    ? `{ issuer: ${literal(issuer)}, allowInsecureRequests: true }`
    : literal(issuer);
  const entries = resources.map(({ resource, scopes }) =>
    [
      '{',
      '    metadata: {',
      `      resource: ${literal(resource)},`,
      `      authorizationServers: [${servers}],`,
      `      scopesSupported: [${scopes.map(literal).join(', ')}],`,
      '    },',
      ...(isInsecureElsewhere(resource)
        ? [`    developmentHosts: [${literal(new URL(resource).hostname)}],`]
        : []),
      '  }',
    ].join('\n'),
  );
  const list = entries.length === 1 ? entries.join('') : `[${entries.join(', ')}]`;
  return `  protectedResources: ${list},`;
}

/** Returns `true` for an `http:` URL of another machine. The module needs an option for such a URL. */
function isInsecureElsewhere(text: string): boolean {
  const url = new URL(text);
  return url.protocol === 'http:' && !isLoopback(url);
}

async function callsOf(
  { username, password, scopes }: DevServerUser,
  server: DevServer,
  resources: readonly DevServerResource[],
): Promise<string> {
  const lines = await Promise.all(
    resources.map(({ resource }) => curlLine(server, username, resource)),
  );
  const title = `# ${username} (password ${password}): ${scopes.join(' ') || 'no scopes'}`;
  return [title, ...lines, ''].join('\n');
}

/** Returns a command that lists the tools of an MCP server. */
async function curlLine(server: DevServer, username: string, resource: string): Promise<string> {
  const token = await server.issueToken(username, resource);
  const words = [
    `curl -i ${quoted(resource)}`,
    `-H ${quoted(`Authorization: Bearer ${token}`)}`,
    `-H ${quoted('Content-Type: application/json')}`,
    `-H ${quoted('Accept: application/json, text/event-stream')}`,
    `-d ${quoted('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')}`,
  ];
  return words.join(' ');
}

/** Quotes a word for a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Writes a text as a string literal of JavaScript. */
function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

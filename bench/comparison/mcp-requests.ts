import { toolName, type McpGuard } from '../contenders/contender.js';
import { at } from '../harness/at.js';
import { Requests } from '../harness/requests.js';
import type { Outcomes } from '../harness/outcome.js';
import { section, show, table, type Part, type Target } from '../harness/report.js';
import { allCheap, inStarts, type Effort, type Entrant } from '../harness/rounds.js';
import { Server } from '../harness/server.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

const TOOLS = [20, 200];
const GUARDS: Record<McpGuard, string> = {
  none: 'the SDK alone',
  guarded: 'guarded',
  'per tool': 'guarded, with scopes for each tool',
  filtered: 'the same, with `filterLists`',
};
const METHODS = ['tools/call', 'tools/list'] as const;
type Method = (typeof METHODS)[number];

/** The limit of the CPU time of a call, as a multiple of that with the SDK alone. */
const MOST = 1.03;
const VERSION = '2026-07-28';
const nameOf = (method: Method, tools: number, guard: McpGuard) => `${method} ${tools} ${guard}`;

/** Measures requests to an MCP server of version 2 of the SDK, without the library and with it. */
export async function mcpRequests(issuer: TokenIssuer, effort: Effort): Promise<Part> {
  const outcomes = await inStarts(() => start(issuer), effort);
  const rows = METHODS.flatMap((method) =>
    TOOLS.flatMap((tools) => rowsOf(outcomes, method, tools)),
  );
  return {
    text: section(
      'MCP requests (MCP SDK v2, Express, one token)',
      table(
        ['', 'tools', '', 'CPU µs/request', 'CPU µs above the SDK alone', 'times the SDK alone'],
        rows,
      ),
    ),
    targets: TOOLS.flatMap((tools) => targetsOf(outcomes, tools)),
  };
}

async function start(issuer: TokenIssuer): Promise<Entrant[]> {
  const [token = ''] = await issuer.mint({ algorithm: 'RS256', count: 1 });
  const guards = Object.keys(GUARDS) as McpGuard[];
  const started = TOOLS.flatMap((tools) =>
    guards.map(async (guard) => {
      const setup = { ...issuer.setup, keepTokensFor: 3600, mcp: { tools, guard } };
      const server = await Server.start('mcp-endpoint', setup);
      await check(server, token, tools, guard);
      return METHODS.map((method) => ({
        name: nameOf(method, tools, guard),
        baseline: nameOf(method, tools, 'none'),
        server,
        requests: new Requests([request(method, token)], 200),
      }));
    }),
  );
  return allCheap((await Promise.all(started)).flat());
}

function request(method: Method, token: string | undefined): Buffer {
  const name = toolName(0);
  const meta = {
    'io.modelcontextprotocol/protocolVersion': VERSION,
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const call = method === 'tools/call' ? { name, arguments: { text: 'x'.repeat(100) } } : {};
  const params = { ...call, _meta: meta };
  return Requests.post('/mcp', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), {
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': VERSION,
    'Mcp-Method': method,
    ...(method === 'tools/call' && { 'Mcp-Name': name }),
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  });
}

/** Checks that the server rejects and filters as its kind of guard should. */
async function check(server: Server, token: string, tools: number, guard: McpGuard): Promise<void> {
  const anonymous = await server.one(request('tools/call', undefined));
  const called = await server.one(request('tools/call', token));
  const { body } = await server.one(request('tools/list', token));
  const listed = (JSON.parse(body) as { result: { tools: unknown[] } }).result.tools.length;
  const isRight =
    anonymous.status === (guard === 'none' ? 200 : 401) &&
    called.body.includes('done') &&
    listed === (guard === 'filtered' ? tools / 2 : tools);
  if (!isRight) {
    throw new Error(
      `The MCP server (${guard}) answers ${anonymous.status} without a token, lists ${listed} of ${tools} tools, and answers a call with ${called.body}. The run ends here.`,
    );
  }
}

function rowsOf(outcomes: Outcomes, method: Method, tools: number): string[][] {
  return Object.entries(GUARDS).map(([guard, label]) => {
    const { cpu, above, times } = at(outcomes, nameOf(method, tools, guard as McpGuard));
    const compared = guard === 'none' ? ['', '1'] : [show(above, 1), show(times, 3)];
    return [`\`${method}\``, String(tools), label, show(cpu, 1), ...compared];
  });
}

function targetsOf(outcomes: Outcomes, tools: number): Target[] {
  return (['guarded', 'per tool', 'filtered'] as const).map((guard) => {
    const { median } = at(outcomes, nameOf('tools/call', tools, guard)).times;
    return {
      what: `CPU time of a tool call, ${tools} tools: ${GUARDS[guard]}`,
      wanted: `≤ ${MOST} × the SDK alone`,
      seen: `${median.toFixed(3)} ×`,
      met: median <= MOST,
    };
  });
}

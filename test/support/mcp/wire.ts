/** The response of an MCP endpoint. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON-RPC messages of the body, which is JSON or an event stream. */
  messages: Record<string, unknown>[];
}

const ACCEPT = 'application/json, text/event-stream';

/** Sends JSON-RPC with the header fields of an MCP client. */
export async function send(
  url: string,
  body: unknown,
  { token, ...more }: { token?: string } & Record<string, string | undefined> = {},
): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    accept: ACCEPT,
    ...(token && { authorization: `Bearer ${token}` }),
    ...more,
  } as Record<string, string>;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, messages: read(text) };
}

function read(text: string): Record<string, unknown>[] {
  const data = text.startsWith('{') || text.startsWith('[') ? [text] : events(text);
  return data.filter(Boolean).map(parse).flat();
}

function parse(json: string): Record<string, unknown> | Record<string, unknown>[] {
  return JSON.parse(json) as Record<string, unknown>;
}

function events(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim());
}

let id = 0;

/** Returns a JSON-RPC request with a new id. */
export function call(method: string, params: Record<string, unknown> = {}) {
  return { jsonrpc: '2.0' as const, id: ++id, method, params };
}

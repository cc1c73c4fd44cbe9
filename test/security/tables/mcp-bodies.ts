import { gzipSync } from 'node:zlib';
import {
  insufficientScope,
  letIn,
  notJsonRpc,
  notParsed,
  outside,
  type Answer,
} from '../support/answers.js';
import { requests, type Attack, type OrdinaryRequest } from '../support/attack.js';
import type { Laboratory } from '../support/laboratory.js';
import { toolCall } from '../support/mcp.js';
import { MCP } from '../support/places.js';

const DELETE = JSON.stringify(toolCall('delete-todo'));
const DELETES = insufficientScope('mcp delete:todos', MCP);
const nothing: Answer = letIn({ carriedOut: [] });

const sending =
  (
    type: string | undefined,
    body: string | Buffer | undefined,
    more: Partial<OrdinaryRequest> = {},
  ) =>
  (lab: Laboratory): OrdinaryRequest => ({
    method: 'POST',
    path: MCP.path,
    token: lab.tokenFor(MCP, 'mcp'),
    body,
    ...more,
    headers: [...(type === undefined ? [] : ['Content-Type', type]), ...(more.headers ?? [])],
  });
const json = (body: string | Buffer, ...headers: string[]) =>
  sending('application/json', body, { headers });

export const mcpBodies: Attack[] = [
  ...requests(
    'MCP transports, "Sending Messages to the Server"; RFC 9110, section 8.3',
    'what the application reads as a form is not let through',
    notJsonRpc(),
    { 'a call as a form': sending('application/x-www-form-urlencoded', DELETE) },
  ),
  ...requests(
    'MCP transports, "Sending Messages to the Server"; RFC 9110, section 8.3',
    'what the application does not parse is not let through',
    notParsed(),
    {
      'a call as text': sending('text/plain', DELETE),
      'no body and no type': sending(undefined, undefined),
    },
  ),
  ...requests(
    'MCP transports, "Sending Messages to the Server"; RFC 9110, section 8.3',
    'what the application does not parse is not let through, be it by the adapter',
    { express: notParsed(), fastify: outside(415) },
    {
      'a call as XML': sending('application/xml', DELETE),
      'a call as bytes': sending('application/octet-stream', DELETE),
      'a call as a part of several': sending(
        'multipart/form-data; boundary=x',
        `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${DELETE}\r\n--x--\r\n`,
      ),
      'a call as a type that begins alike': sending('application/jsonx', DELETE),
    },
  ),
  ...requests(
    'RFC 8259; RFC 9110, section 15.5.1',
    'what is no JSON is refused by the parser',
    outside(400),
    {
      'a call without its end': json(DELETE.slice(0, -1)),
      'a call and a call': json(DELETE + DELETE),
      'a call and a line end and a call': json(`${DELETE}\n${DELETE}`),
      'a call with a comment': json(`/**/${DELETE}`),
      'a call in single quotes': json(DELETE.replaceAll('"', "'")),
      'a call in UTF-16': json(Buffer.from(DELETE, 'utf16le')),
      'a call of undefined': json('undefined'),
      'a call of NaN': json('NaN'),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4',
    'a value that is not an object is no call',
    { express: outside(400), fastify: notParsed() },
    {
      'a body that is a string': json('"tools/call"'),
      'a body that is a call in a string': json(JSON.stringify(DELETE)),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4',
    'a value that is neither an object nor a text is no call',
    { express: outside(400), fastify: notJsonRpc() },
    {
      'a body that is a number': json('1'),
      'a body that is true': json('true'),
      'a body that is null': json('null'),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4',
    'nothing is no call',
    { express: notJsonRpc(), fastify: outside(400) },
    { 'no body': sending('application/json', undefined) },
  ),
  ...requests(
    'RFC 9110, section 9.3.1',
    'a GET with a body is a call where the body is read',
    { express: DELETES, fastify: nothing },
    {
      'GET with a call as body': sending('application/json', DELETE, { method: 'GET' }),
    },
  ),
  ...requests(
    'MCP transports, "Listening for Messages from the Server"',
    'a GET without a body carries nothing out',
    nothing,
    {
      'GET with a call in the query': sending(undefined, undefined, {
        method: 'GET',
        path: `${MCP.path}?jsonrpc=2.0&method=tools/call&params[name]=delete-todo`,
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 8.4',
    'a call that is compressed is a call where it is read',
    { express: DELETES, fastify: outside(400) },
    {
      'a compressed call': json(gzipSync(DELETE), 'Content-Encoding', 'gzip'),
    },
  ),
  ...requests(
    'RFC 9110, section 8.4; CWE-409',
    'what is inflated has the limit of a body',
    { express: outside(413), fastify: outside(400) },
    {
      'a compressed body of ten megabytes': json(
        gzipSync(Buffer.alloc(10_000_000, ' ')),
        'Content-Encoding',
        'gzip',
      ),
    },
  ),
  ...requests(
    'RFC 9110, section 8.4',
    'an encoding that nobody knows is no encoding',
    { express: outside(415), fastify: DELETES },
    {
      'an unknown encoding': json(DELETE, 'Content-Encoding', 'x-none'),
    },
  ),
  ...requests(
    'RFC 8259, section 8.1',
    'JSON is UTF-8, whatever the charset says',
    { express: outside(415), fastify: DELETES },
    {
      'a call in a charset of one byte': sending('application/json; charset=iso-8859-1', DELETE),
      'a call in a charset of several bytes': sending('application/json; charset=gbk', DELETE),
    },
  ),
  ...requests('RFC 8259, section 8.1', 'a call is one in whatever charset it is read', DELETES, {
    'a call in UTF-7': sending('application/json; charset=utf-7', DELETE),
  }),
  ...requests(
    'RFC 8259, section 8.1',
    'a call is one in whatever charset it is read, or refused by the parser',
    { express: DELETES, fastify: outside(400) },
    {
      'a call in UTF-16 that says so': sending(
        'application/json; charset=utf-16le',
        Buffer.from(DELETE, 'utf16le'),
      ),
    },
  ),
];

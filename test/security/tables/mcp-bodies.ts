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
    'a body that the application parses as a form is an invalid request',
    notJsonRpc(),
    {
      'a call with the media type of a form': sending('application/x-www-form-urlencoded', DELETE),
    },
  ),
  ...requests(
    'MCP transports, "Sending Messages to the Server"; RFC 9110, section 8.3',
    'a body that the application does not parse is an invalid request',
    notParsed(),
    {
      'a call with the media type of a text': sending('text/plain', DELETE),
      'no body and no media type': sending(undefined, undefined),
    },
  ),
  ...requests(
    'MCP transports, "Sending Messages to the Server"; RFC 9110, section 8.3',
    'a body that the application does not parse is rejected by the guard or by the adapter',
    { express: notParsed(), fastify: outside(415) },
    {
      'a call with the media type of XML': sending('application/xml', DELETE),
      'a call with the media type of bytes': sending('application/octet-stream', DELETE),
      'a call as a part of multipart/form-data': sending(
        'multipart/form-data; boundary=x',
        `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${DELETE}\r\n--x--\r\n`,
      ),
      'a call with the media type application/jsonx': sending('application/jsonx', DELETE),
    },
  ),
  ...requests(
    'RFC 8259; RFC 9110, section 15.5.1',
    'the parser rejects a body that is not JSON',
    outside(400),
    {
      'a call without its end': json(DELETE.slice(0, -1)),
      'two calls in one body with nothing between them': json(DELETE + DELETE),
      'two calls in one body with a line end between them': json(`${DELETE}\n${DELETE}`),
      'a call after a comment': json(`/**/${DELETE}`),
      'a call in single quotes': json(DELETE.replaceAll('"', "'")),
      'a call in UTF-16, declared as JSON without a charset': json(Buffer.from(DELETE, 'utf16le')),
      'a body that is the word undefined': json('undefined'),
      'a body that is NaN': json('NaN'),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4',
    'a body that is a string is rejected by the guard or by the parser',
    { express: outside(400), fastify: notParsed() },
    {
      'a body that is the name of a method in a string': json('"tools/call"'),
      'a body that is a call in a string': json(JSON.stringify(DELETE)),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4',
    'a body that is neither an object nor a string is rejected by the guard or by the parser',
    { express: outside(400), fastify: notJsonRpc() },
    {
      'a body that is a number': json('1'),
      'a body that is true': json('true'),
      'a body that is null': json('null'),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4',
    'a POST of JSON without a body is rejected by the guard or by the parser',
    { express: notJsonRpc(), fastify: outside(400) },
    { 'no body with the media type of JSON': sending('application/json', undefined) },
  ),
  ...requests(
    'RFC 9110, section 9.3.1',
    'a call in the body of a GET needs the scopes of its tool, or the adapter does not read it',
    { express: DELETES, fastify: nothing },
    {
      'GET with a call as body': sending('application/json', DELETE, { method: 'GET' }),
    },
  ),
  ...requests(
    'MCP transports, "Listening for Messages from the Server"',
    'a GET without a body calls nothing',
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
    'a compressed call needs the scopes of its tool, or is rejected by the parser',
    { express: DELETES, fastify: outside(400) },
    {
      'a compressed call': json(gzipSync(DELETE), 'Content-Encoding', 'gzip'),
    },
  ),
  ...requests(
    'RFC 9110, section 8.4; CWE-409',
    'a compressed body that is too large is rejected by the parser',
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
    'a call with an unknown content encoding needs the scopes of its tool, or is rejected by the parser',
    { express: outside(415), fastify: DELETES },
    {
      'a call with an unknown content encoding': json(DELETE, 'Content-Encoding', 'x-none'),
    },
  ),
  ...requests(
    'RFC 8259, section 8.1',
    'a call with another charset needs the scopes of its tool, or is rejected by the parser',
    { express: outside(415), fastify: DELETES },
    {
      'a call with the charset ISO-8859-1': sending('application/json; charset=iso-8859-1', DELETE),
      'a call with the charset GBK': sending('application/json; charset=gbk', DELETE),
    },
  ),
  ...requests(
    'RFC 8259, section 8.1',
    'a call with the charset UTF-7 needs the scopes of its tool',
    DELETES,
    {
      'a call with the charset UTF-7': sending('application/json; charset=utf-7', DELETE),
    },
  ),
  ...requests(
    'RFC 8259, section 8.1',
    'a call in UTF-16 needs the scopes of its tool, or is rejected by the parser',
    { express: DELETES, fastify: outside(400) },
    {
      'a call in UTF-16, with that charset': sending(
        'application/json; charset=utf-16le',
        Buffer.from(DELETE, 'utf16le'),
      ),
    },
  ),
];

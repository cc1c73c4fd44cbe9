import {
  denied,
  insufficientScope,
  invalidToken,
  letIn,
  notJsonRpc,
  outside,
  tooMuch,
  unauthorized,
} from '../support/answers.js';
import { requests, type Attack } from '../support/attack.js';
import { call, posting, strictly, text, toolCall } from '../support/mcp.js';
import { MCP } from '../support/places.js';

const DELETE = toolCall('delete-todo');
const LIST = toolCall('list-todos');
const DELETES = insufficientScope('mcp delete:todos', MCP);
const READS = insufficientScope('mcp read:todos', MCP);
const CALL = '"params":{"name":"delete-todo"}';

const carriedOut = (...calls: string[][]) => letIn({ carriedOut: calls });

export const mcpOperations: Attack[] = [
  ...requests(
    'MCP authorization, "Scope Challenge Handling"; RFC 6750, section 3.1',
    'a call needs the scopes of its tool, however it is written',
    DELETES,
    {
      'a call of a tool without its scope': posting(DELETE),
      'a call as a notification': posting({ ...DELETE, id: undefined }),
      'a call with an id that is null': posting({ ...DELETE, id: null }),
      'a call with an id that is an object': posting({ ...DELETE, id: { toString: 1 } }),
      'a call with an id that is an array': posting({ ...DELETE, id: [1] }),
      'a call with an id of ten thousand characters': posting({
        ...DELETE,
        id: 'x'.repeat(10_000),
      }),
      'a call with two ids': posting(text(`"method":"tools/call",${CALL},"id":2`)),
      'a call with a result, as a response has': posting({ ...DELETE, result: {} }),
      'a call with an error, as a response has': posting({
        ...DELETE,
        error: { code: 0, message: '' },
      }),
      'a batch of one call': posting([DELETE]),
      'a batch of calls, only the last of a tool with scopes': posting([LIST, LIST, DELETE]),
      'a batch of calls, only the first of a tool with scopes': posting([DELETE, LIST]),
      'a batch of 100 messages, only the last of a tool with scopes': posting([
        ...Array.from({ length: 99 }, () => call('ping')),
        DELETE,
      ]),
      'a batch of a response and a call': posting([{ jsonrpc: '2.0', id: 1, result: {} }, DELETE]),
      'a call with two methods, the last to call a tool': posting(
        text(`"method":"tools/list","method":"tools/call",${CALL}`),
      ),
      'a call with its method in JSON escapes': posting(
        text(String.raw`"meth\u006fd":"tools\/call",` + CALL),
      ),
      'a call with two params, the last of a tool with scopes': posting(
        text(`"method":"tools/call","params":{"name":"list-todos"},${CALL}`),
      ),
      'a call with two names, the last of a tool with scopes': posting(
        text('"method":"tools/call","params":{"name":"list-todos","name":"delete-todo"}'),
      ),
      'a call with its name in JSON escapes': posting(
        text(String.raw`"method":"tools/call","params":{"name":"delete\u002dtodo"}`),
      ),
      'a call with space around every token of its JSON': posting(
        ` \r\n\t${JSON.stringify(DELETE, null, 9)}\n `,
      ),
      'a call with the method and the name of another call in headers': posting(DELETE, {
        headers: ['Mcp-Method', 'tools/list', 'Mcp-Name', 'list-todos'],
      }),
      'a call with another tool and GET in headers that proxies set': posting(DELETE, {
        headers: ['X-Mcp-Tool-Name', 'list-todos', 'X-HTTP-Method-Override', 'GET'],
      }),
      'a call with another method in the query': posting(DELETE, {
        path: `${MCP.path}?method=tools/list&body=&jsonrpc=2.0`,
      }),
      'a call with another tool and method in its arguments': posting(
        call('tools/call', {
          name: 'delete-todo',
          arguments: { name: 'list-todos', method: 'ping' },
        }),
      ),
      'a call with arguments that are a string': posting(
        call('tools/call', { name: 'delete-todo', arguments: 'x' }),
      ),
      'a call with the scope in its arguments': posting(
        call('tools/call', { name: 'delete-todo', arguments: { scope: 'delete:todos' } }),
      ),
      'a call with the scope in its _meta': posting(
        call('tools/call', { name: 'delete-todo', _meta: { scopes: ['delete:todos'] } }),
      ),
      'a call as a task': posting(call('tools/call', { name: 'delete-todo', task: { ttl: 1 } })),
      'a call in the body of a DELETE': posting(DELETE, { method: 'DELETE' }),
      'a call in the body of a PUT': posting(DELETE, { method: 'PUT' }),
      'a batch of one call in the body of a PATCH': posting([DELETE], { method: 'PATCH' }),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'a batch needs the scopes of all its calls',
    insufficientScope('mcp create:todos delete:todos', MCP),
    {
      'a batch of two calls, with the scope of neither call': posting([
        toolCall('create-todo'),
        DELETE,
      ]),
      'a batch of two calls, with the scope of one call': posting(
        [toolCall('create-todo'), DELETE],
        {
          scope: 'mcp create:todos',
        },
      ),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'a prompt and its completion need the scopes of the prompt',
    READS,
    {
      'a request for a prompt without its scope': posting(call('prompts/get', { name: 'review' })),
      'a completion of a prompt without its scope': posting(
        call('completion/complete', { ref: { type: 'ref/prompt', name: 'review' } }),
      ),
      'a completion of a prompt without its scope, with a URI': posting(
        call('completion/complete', {
          ref: { type: 'ref/prompt', name: 'review', uri: 'todo://list' },
        }),
      ),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'a method needs the scopes of its own',
    insufficientScope('mcp cancel:tasks', MCP),
    {
      'a request of a method without its scope': posting(call('tasks/cancel', { taskId: '1' })),
      'a notification of a method without its scope': posting({
        jsonrpc: '2.0',
        method: 'tasks/cancel',
      }),
    },
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'a call needs the scopes of the endpoint besides those of its tool',
    insufficientScope('mcp delete:todos', MCP),
    {
      'a call with the scope of its tool, without the scope of the endpoint': posting(DELETE, {
        scope: 'delete:todos',
      }),
    },
  ),
  ...requests(
    'MCP authorization, "Access Token Usage"',
    'a call without a token is rejected, and the challenge names all scopes that it needs',
    unauthorized({ ...MCP, scope: 'mcp delete:todos' }),
    {
      'a call without a token': posting(DELETE, { token: undefined }),
      'a call with a token only in its _meta': (lab) =>
        posting(
          call('tools/call', {
            name: 'delete-todo',
            _meta: { authorization: `Bearer ${lab.tokenFor(MCP, 'mcp delete:todos')}` },
          }),
          { token: undefined },
        )(lab),
    },
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'an invalid token is rejected before its scopes are checked',
    invalidToken('expired', { ...MCP, scope: 'mcp delete:todos' }),
    {
      'a call with an expired token without the scope': (lab) =>
        posting(DELETE, { token: lab.tokenFor(MCP, 'mcp', { exp: 1 }) })(lab),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4 to 6; MCP base protocol',
    'a body that is not JSON-RPC 2.0 is an invalid request',
    notJsonRpc(),
    {
      'an empty batch': posting([]),
      'a batch with a batch in it': posting([[DELETE]]),
      'a batch with null in it': posting([LIST, null]),
      'a batch with a string in it': posting([LIST, 'tools/call']),
      'a body that is an object with the members of an array': posting({ 0: DELETE, length: 1 }),
      'a body that is an empty object': posting({}),
      'a call with another version of JSON-RPC': posting({ ...DELETE, jsonrpc: '1.0' }),
      'a call with a version that is a number': posting({ ...DELETE, jsonrpc: 2.0 }),
      'a call without a version': posting({ ...DELETE, jsonrpc: undefined }),
      'a call without a method': posting({
        jsonrpc: '2.0',
        id: 1,
        params: { name: 'delete-todo' },
      }),
      'a call with a method that is null': posting(call(null, { name: 'delete-todo' })),
      'a call with a method that is an array': posting(
        call(['tools/call'], { name: 'delete-todo' }),
      ),
      'a call with a method that is an object': posting(
        call({ toString: 'tools/call' }, { name: 'delete-todo' }),
      ),
      'a call with a method that is a number': posting(call(1)),
      'a call with params that are a string': posting(call('tools/call', 'delete-todo')),
      'a ping with params that are a string': posting(call('ping', 'x')),
    },
  ),
  ...requests(
    'MCP transports; CWE-770',
    'a body with more messages, names or levels than the limits is an invalid request',
    tooMuch(),
    {
      'a batch of 101 messages': posting(Array.from({ length: 101 }, () => call('ping'))),
      'a call with an array of 201 names': posting(
        toolCall(Array.from({ length: 201 }, () => 'list-todos')),
      ),
      'a call with a name in ten arrays': posting(toolCall([[[[[[[[[['delete-todo']]]]]]]]]])),
      'a ping with a name in twenty thousand arrays': posting(
        `{"jsonrpc":"2.0","method":"ping","params":{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
      ),
    },
  ),
  ...requests(
    'MCP base protocol; CWE-843',
    'a call needs the scopes of every tool that a server may take its name for',
    DELETES,
    {
      'a call with params that are an array of a name': posting(
        call('tools/call', ['delete-todo']),
      ),
      'a call with params that are an array of an object with a name': posting(
        call('tools/call', [{ name: 'delete-todo' }]),
      ),
      'a call with a name that is an array of a name': posting(toolCall(['delete-todo'])),
      'a call with a name in two arrays': posting(toolCall([['delete-todo']])),
      'a call with a name that is an object with a name': posting(
        toolCall({ name: 'delete-todo' }),
      ),
      'a call with the name in a ref': posting(
        call('tools/call', { ref: { name: 'delete-todo' } }),
      ),
    },
  ),
  ...Object.entries({
    'a call with a name that is an object without a name': toolCall({ toString: 'delete-todo' }),
    'a call with a name that is a number': toolCall(0),
    'a call with a name that is null': toolCall(null),
    'a call with a name that is true': toolCall(true),
    'a call without a name': call('tools/call', {}),
    'a call without params': call('tools/call'),
    'a call with params that are null': call('tools/call', null),
    'a ping with params that are an array': call('ping', ['x']),
    'a request for a prompt without a name': call('prompts/get', {}),
    'a completion without a ref': call('completion/complete', {}),
    'a completion with a ref that is null': call('completion/complete', { ref: null }),
    'a completion with a ref of an unknown type and an unknown name': call('completion/complete', {
      ref: { type: 'x', name: 'y' },
    }),
  }).flatMap(([name, body]) => {
    const { params } = body as { params?: { name?: unknown } | null };
    return requests(
      'JSON-RPC 2.0, section 5.1',
      'a request that names nothing the options know is let in, for the MCP server to reject',
      letIn({ carriedOut: [[body.method, params?.name].filter(Boolean)] }),
      { [name]: posting(body) },
    );
  }),
  ...requests(
    'JSON-RPC 2.0, section 4; CWE-1321',
    'a member called __proto__ or constructor has no effect, or is rejected by the parser',
    { express: carriedOut(['tools/call', 'list-todos']), fastify: outside(400) },
    {
      'a call with the name of a tool with scopes in the __proto__ of its params': posting(
        text(
          '"method":"tools/call","params":{"name":"list-todos","__proto__":{"name":"delete-todo"}}',
        ),
      ),
      'a call with a polluting constructor in its params': posting(
        text(
          '"method":"tools/call","params":{"name":"list-todos","constructor":{"prototype":{"polluted":true}}}',
        ),
      ),
      'a call with a polluting __proto__': posting(
        text(
          '"method":"tools/call","params":{"name":"list-todos"},"__proto__":{"polluted":true,"method":"x"}',
        ),
      ),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4; CWE-1321',
    'a method in __proto__ does not count, or is rejected by the parser',
    { express: notJsonRpc(), fastify: outside(400) },
    {
      'a call with its method only in __proto__': posting(
        '{"jsonrpc":"2.0","id":1,"__proto__":{"method":"tools/call"}}',
      ),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4; CWE-1321',
    'a name in __proto__ needs the scopes of its tool, or is rejected by the parser',
    { express: DELETES, fastify: outside(400) },
    {
      'a call with its name only in the __proto__ of its params': posting(
        text('"method":"tools/call","params":{"__proto__":{"name":"delete-todo"}}'),
      ),
    },
  ),
  ...requests(
    'MCP authorization; RFC 8725, section 3 by analogy',
    'with defaultDeny, a name that is not exactly in the options is denied',
    denied,
    {
      'a tool with its name in another case': strictly(toolCall('Delete-Todo')),
      'a tool with a space before its name': strictly(toolCall(' delete-todo')),
      'a tool with a space after its name': strictly(toolCall('delete-todo ')),
      'a tool with NUL after its name': strictly(toolCall('delete-todo\u0000')),
      'a tool with a line end after its name': strictly(toolCall('delete-todo\n')),
      'a tool with a Unicode hyphen in its name': strictly(toolCall('delete\u2010todo')),
      'a tool with a soft hyphen in its name': strictly(toolCall('delete\u00ad-todo')),
      'a tool with a zero-width space in its name': strictly(toolCall('delete\u200b-todo')),
      'a tool with a fullwidth letter in its name': strictly(toolCall('\uff44elete-todo')),
      'a tool with an underscore in place of the hyphen in its name': strictly(
        toolCall('delete_todo'),
      ),
      'a tool with its name percent-encoded': strictly(toolCall('delete%2Dtodo')),
      'a tool with the name of a server before its name': strictly(toolCall('todos/delete-todo')),
      'a tool with an empty name': strictly(toolCall('')),
      'a tool called __proto__': strictly(toolCall('__proto__')),
      'a tool called constructor': strictly(toolCall('constructor')),
      'a prompt with its name in decomposed Unicode': strictly(
        call('prompts/get', { name: 'cafe\u0301' }),
      ),
      'a prompt with the name of a tool': strictly(call('prompts/get', { name: 'list-todos' })),
      'a tool with the name of a prompt': strictly(toolCall('review')),
      'a method with its first letters in capitals': strictly(
        call('Tools/Call', { name: 'list-todos' }),
      ),
      'a method in capitals': strictly(call('TOOLS/CALL', { name: 'list-todos' })),
      'a method with a space before it': strictly(call(' tools/call', { name: 'list-todos' })),
      'a method with a space after it': strictly(call('tools/call ', { name: 'list-todos' })),
      'a method with NUL after it': strictly(call('tools/call\u0000', { name: 'list-todos' })),
      'a method with two slashes': strictly(call('tools//call', { name: 'list-todos' })),
      'a method with a Unicode slash in place of the slash': strictly(
        call('tools\u2215call', { name: 'list-todos' }),
      ),
      'a method with a dot in place of the slash': strictly(
        call('tools.call', { name: 'list-todos' }),
      ),
      'a method that is an empty string': strictly(call('')),
      'a method called __proto__': strictly(call('__proto__')),
      'a method called constructor': strictly(call('constructor', { name: 'list-todos' })),
      'a method of JSON-RPC itself, rpc.discover': strictly(call('rpc.discover')),
      'a list method with a line end and a letter after it': strictly(call('tools/list\nx')),
      'a method that continues the name of a list method': strictly(call('tools/listen')),
      'a batch with an unknown method in it': strictly([LIST, call('tools/delete')]),
      'an unknown method as a notification': strictly({
        jsonrpc: '2.0',
        method: 'sampling/createMessage',
      }),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'a name needs the scopes of its tool, whatever the method',
    DELETES,
    {
      'the method Tools/Call with the name of a tool with scopes': posting(
        call('Tools/Call', { name: 'delete-todo' }),
      ),
      'an unknown method tools/describe with the name of a tool with scopes': posting(
        call('tools/describe', { name: 'delete-todo' }),
      ),
      'an unknown method prompts/getAll with the name of a tool with scopes in a ref': posting(
        call('prompts/getAll', { ref: { name: 'delete-todo' } }),
      ),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 5',
    'a response calls nothing, and is accepted',
    carriedOut(),
    {
      'a response with a call as its result': posting({ jsonrpc: '2.0', id: 1, result: DELETE }),
      'a response with a call as the data of its error': posting({
        jsonrpc: '2.0',
        id: 1,
        error: { code: 1, message: '', data: DELETE },
      }),
    },
  ),
];

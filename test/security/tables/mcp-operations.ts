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
    'a call needs the scopes of its tool, however it is dressed',
    DELETES,
    {
      'a call without the scope': posting(DELETE),
      'a notification in place of a request': posting({ ...DELETE, id: undefined }),
      'an id that is null': posting({ ...DELETE, id: null }),
      'an id that is an object': posting({ ...DELETE, id: { toString: 1 } }),
      'an id that is an array': posting({ ...DELETE, id: [1] }),
      'an id of ten thousand characters': posting({ ...DELETE, id: 'x'.repeat(10_000) }),
      'an id twice': posting(text(`"method":"tools/call",${CALL},"id":2`)),
      'a call that is a response as well': posting({ ...DELETE, result: {} }),
      'a call that is an error as well': posting({ ...DELETE, error: { code: 0, message: '' } }),
      'a batch of one': posting([DELETE]),
      'a batch that begins harmlessly': posting([LIST, LIST, DELETE]),
      'a batch that ends harmlessly': posting([DELETE, LIST]),
      'a batch of a hundred, the last not harmless': posting([
        ...Array.from({ length: 99 }, () => call('ping')),
        DELETE,
      ]),
      'a batch with a response in it': posting([{ jsonrpc: '2.0', id: 1, result: {} }, DELETE]),
      'method twice, the last counts': posting(
        text(`"method":"tools/list","method":"tools/call",${CALL}`),
      ),
      'method escaped': posting(text(String.raw`"meth\u006fd":"tools\/call",` + CALL)),
      'params twice, the last counts': posting(
        text(`"method":"tools/call","params":{"name":"list-todos"},${CALL}`),
      ),
      'name twice, the last counts': posting(
        text('"method":"tools/call","params":{"name":"list-todos","name":"delete-todo"}'),
      ),
      'name escaped': posting(
        text(String.raw`"method":"tools/call","params":{"name":"delete\u002dtodo"}`),
      ),
      'space around everything': posting(` \r\n\t${JSON.stringify(DELETE, null, 9)}\n `),
      'headers that say otherwise': posting(DELETE, {
        headers: ['Mcp-Method', 'tools/list', 'Mcp-Name', 'list-todos'],
      }),
      'headers that say otherwise, as a proxy would': posting(DELETE, {
        headers: ['X-Mcp-Tool-Name', 'list-todos', 'X-HTTP-Method-Override', 'GET'],
      }),
      'a query that says otherwise': posting(DELETE, {
        path: `${MCP.path}?method=tools/list&body=&jsonrpc=2.0`,
      }),
      'arguments that say otherwise': posting(
        call('tools/call', {
          name: 'delete-todo',
          arguments: { name: 'list-todos', method: 'ping' },
        }),
      ),
      'arguments that are no object': posting(
        call('tools/call', { name: 'delete-todo', arguments: 'x' }),
      ),
      'arguments a scope': posting(
        call('tools/call', { name: 'delete-todo', arguments: { scope: 'delete:todos' } }),
      ),
      '_meta with the scopes': posting(
        call('tools/call', { name: 'delete-todo', _meta: { scopes: ['delete:todos'] } }),
      ),
      'a task in place of a call': posting(
        call('tools/call', { name: 'delete-todo', task: { ttl: 1 } }),
      ),
      'DELETE with the call as body': posting(DELETE, { method: 'DELETE' }),
      'PUT with the call as body': posting(DELETE, { method: 'PUT' }),
      'PATCH with the call as body': posting([DELETE], { method: 'PATCH' }),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'a batch needs what all of its calls need',
    insufficientScope('mcp create:todos delete:todos', MCP),
    {
      'a batch of two, a scope for neither': posting([toolCall('create-todo'), DELETE]),
      'a batch of two, a scope for one': posting([toolCall('create-todo'), DELETE], {
        scope: 'mcp create:todos',
      }),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'prompts, completions and methods need their scopes as tools do',
    READS,
    {
      'a prompt': posting(call('prompts/get', { name: 'review' })),
      'the completion of a prompt': posting(
        call('completion/complete', { ref: { type: 'ref/prompt', name: 'review' } }),
      ),
      'the completion of a prompt that is a resource as well': posting(
        call('completion/complete', {
          ref: { type: 'ref/prompt', name: 'review', uri: 'todo://list' },
        }),
      ),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'a method needs its scopes',
    insufficientScope('mcp cancel:tasks', MCP),
    {
      'a method with scopes of its own': posting(call('tasks/cancel', { taskId: '1' })),
      'a method with scopes of its own, as a notification': posting({
        jsonrpc: '2.0',
        method: 'tasks/cancel',
      }),
    },
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'the scopes of the tool alone are not enough',
    insufficientScope('mcp delete:todos', MCP),
    {
      'the scope of the tool without that of the endpoint': posting(DELETE, {
        scope: 'delete:todos',
      }),
    },
  ),
  ...requests(
    'MCP authorization, "Access Token Usage"',
    'without a token nothing is called, and all that it takes is told',
    unauthorized({ ...MCP, scope: 'mcp delete:todos' }),
    {
      'a call without a token': posting(DELETE, { token: undefined }),
      'a call with the token in its _meta': (lab) =>
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
    'validity is decided before scope',
    invalidToken('expired', { ...MCP, scope: 'mcp delete:todos' }),
    {
      'an expired token without the scope': (lab) =>
        posting(DELETE, { token: lab.tokenFor(MCP, 'mcp', { exp: 1 }) })(lab),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4 to 6; MCP base protocol',
    'what is not understood is not let through',
    notJsonRpc(),
    {
      'an empty batch': posting([]),
      'a batch within a batch': posting([[DELETE]]),
      'a batch with null in it': posting([LIST, null]),
      'a batch with a string in it': posting([LIST, 'tools/call']),
      'an object that looks like a batch': posting({ 0: DELETE, length: 1 }),
      'an object of nothing': posting({}),
      'another version': posting({ ...DELETE, jsonrpc: '1.0' }),
      'a version that is a number': posting({ ...DELETE, jsonrpc: 2.0 }),
      'no version': posting({ ...DELETE, jsonrpc: undefined }),
      'no method': posting({ jsonrpc: '2.0', id: 1, params: { name: 'delete-todo' } }),
      'a method that is null': posting(call(null, { name: 'delete-todo' })),
      'a method that is an array': posting(call(['tools/call'], { name: 'delete-todo' })),
      'a method that is an object': posting(
        call({ toString: 'tools/call' }, { name: 'delete-todo' }),
      ),
      'a method that is a number': posting(call(1)),
      'params that are a string': posting(call('tools/call', 'delete-todo')),
      'params of a ping that are a string': posting(call('ping', 'x')),
    },
  ),
  ...requests('MCP transports; CWE-770', 'what asks for too much is not let through', tooMuch(), {
    'a batch of a hundred and one': posting(Array.from({ length: 101 }, () => call('ping'))),
    'a name of two hundred and one names': posting(
      toolCall(Array.from({ length: 201 }, () => 'list-todos')),
    ),
    'a name in ten arrays': posting(toolCall([[[[[[[[[['delete-todo']]]]]]]]]])),
    'a name twenty thousand levels deep': posting(
      `{"jsonrpc":"2.0","method":"ping","params":{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
    ),
  }),
  ...requests(
    'MCP base protocol; CWE-843',
    'a name that is not a string is what a server may make of it',
    DELETES,
    {
      'params that are an array': posting(call('tools/call', ['delete-todo'])),
      'params that are an array of names': posting(call('tools/call', [{ name: 'delete-todo' }])),
      'a name that is an array': posting(toolCall(['delete-todo'])),
      'a name that is an array in an array': posting(toolCall([['delete-todo']])),
      'a name that is an object with a name': posting(toolCall({ name: 'delete-todo' })),
      'a name within a ref': posting(call('tools/call', { ref: { name: 'delete-todo' } })),
    },
  ),
  ...Object.entries({
    'a name that is an object': toolCall({ toString: 'delete-todo' }),
    'a name that is a number': toolCall(0),
    'a name that is null': toolCall(null),
    'a name that is true': toolCall(true),
    'no name': call('tools/call', {}),
    'no params': call('tools/call'),
    'params that are null': call('tools/call', null),
    'params of a ping that are an array': call('ping', ['x']),
    'a prompt without a name': call('prompts/get', {}),
    'a completion of nothing': call('completion/complete', {}),
    'a completion of null': call('completion/complete', { ref: null }),
    'a completion of another type': call('completion/complete', { ref: { type: 'x', name: 'y' } }),
  }).flatMap(([name, body]) => {
    const { params } = body as { params?: { name?: unknown } | null };
    return requests(
      'JSON-RPC 2.0, section 5.1',
      'what names nothing is for the server to refuse',
      letIn({ carriedOut: [[body.method, params?.name].filter(Boolean)] }),
      { [name]: posting(body) },
    );
  }),
  ...requests(
    'JSON-RPC 2.0, section 4; CWE-1321',
    'a member called __proto__ is no prototype',
    { express: carriedOut(['tools/call', 'list-todos']), fastify: outside(400) },
    {
      'params with another name in __proto__': posting(
        text(
          '"method":"tools/call","params":{"name":"list-todos","__proto__":{"name":"delete-todo"}}',
        ),
      ),
      'params that pollute': posting(
        text(
          '"method":"tools/call","params":{"name":"list-todos","constructor":{"prototype":{"polluted":true}}}',
        ),
      ),
      'a call that pollutes': posting(
        text(
          '"method":"tools/call","params":{"name":"list-todos"},"__proto__":{"polluted":true,"method":"x"}',
        ),
      ),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4; CWE-1321',
    'what is inherited is not there',
    { express: notJsonRpc(), fastify: outside(400) },
    {
      'a method in __proto__': posting(
        '{"jsonrpc":"2.0","id":1,"__proto__":{"method":"tools/call"}}',
      ),
    },
  ),
  ...requests(
    'JSON-RPC 2.0, section 4; CWE-1321',
    'what a copy would inherit needs its scopes',
    { express: DELETES, fastify: outside(400) },
    {
      'a name in __proto__': posting(
        text('"method":"tools/call","params":{"__proto__":{"name":"delete-todo"}}'),
      ),
    },
  ),
  ...requests(
    'MCP authorization; RFC 8725, section 3 by analogy',
    'where what is not named is refused, another spelling is not named',
    denied,
    {
      'a tool in another case': strictly(toolCall('Delete-Todo')),
      'a tool after a space': strictly(toolCall(' delete-todo')),
      'a tool and a space': strictly(toolCall('delete-todo ')),
      'a tool and NUL': strictly(toolCall('delete-todo\u0000')),
      'a tool and a line end': strictly(toolCall('delete-todo\n')),
      'a tool with a Unicode hyphen': strictly(toolCall('delete\u2010todo')),
      'a tool with a soft hyphen': strictly(toolCall('delete\u00ad-todo')),
      'a tool with a zero-width space': strictly(toolCall('delete\u200b-todo')),
      'a tool in fullwidth letters': strictly(toolCall('\uff44elete-todo')),
      'a tool with an underscore': strictly(toolCall('delete_todo')),
      'a tool percent-encoded': strictly(toolCall('delete%2Dtodo')),
      'a tool with the name of a server': strictly(toolCall('todos/delete-todo')),
      'a tool of no name': strictly(toolCall('')),
      'a tool called __proto__': strictly(toolCall('__proto__')),
      'a tool called constructor': strictly(toolCall('constructor')),
      'a prompt decomposed': strictly(call('prompts/get', { name: 'cafe\u0301' })),
      'a prompt by the name of a tool': strictly(call('prompts/get', { name: 'list-todos' })),
      'a tool by the name of a prompt': strictly(toolCall('review')),
      'a method in another case': strictly(call('Tools/Call', { name: 'list-todos' })),
      'a method in capitals': strictly(call('TOOLS/CALL', { name: 'list-todos' })),
      'a method after a space': strictly(call(' tools/call', { name: 'list-todos' })),
      'a method and a space': strictly(call('tools/call ', { name: 'list-todos' })),
      'a method and NUL': strictly(call('tools/call\u0000', { name: 'list-todos' })),
      'a method with a slash more': strictly(call('tools//call', { name: 'list-todos' })),
      'a method with a Unicode slash': strictly(call('tools\u2215call', { name: 'list-todos' })),
      'a method with a dot': strictly(call('tools.call', { name: 'list-todos' })),
      'a method of no name': strictly(call('')),
      'a method called __proto__': strictly(call('__proto__')),
      'a method called constructor': strictly(call('constructor', { name: 'list-todos' })),
      'a method of JSON-RPC itself': strictly(call('rpc.discover')),
      'a list and a line more': strictly(call('tools/list\nx')),
      'a method that begins like a list': strictly(call('tools/listen')),
      'an unknown method within a batch': strictly([LIST, call('tools/delete')]),
      'an unknown method as a notification': strictly({
        jsonrpc: '2.0',
        method: 'sampling/createMessage',
      }),
    },
  ),
  ...requests(
    'MCP authorization, "Scope Challenge Handling"',
    'a name is what it names, whatever the method',
    DELETES,
    {
      'a method in capitals and small letters': posting(
        call('Tools/Call', { name: 'delete-todo' }),
      ),
      'a method of an extension': posting(call('tools/describe', { name: 'delete-todo' })),
      'a method of another kind': posting(call('prompts/getAll', { ref: { name: 'delete-todo' } })),
    },
  ),
  ...requests('JSON-RPC 2.0, section 5', 'a response asks for nothing', carriedOut(), {
    'a response with a call as result': posting({ jsonrpc: '2.0', id: 1, result: DELETE }),
    'an error with a call as data': posting({
      jsonrpc: '2.0',
      id: 1,
      error: { code: 1, message: '', data: DELETE },
    }),
  }),
];

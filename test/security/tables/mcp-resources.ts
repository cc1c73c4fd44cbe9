import { denied, insufficientScope, letIn, tooMuch } from '../support/answers.js';
import { requests, type Attack } from '../support/attack.js';
import { call, posting, read, strictly } from '../support/mcp.js';
import { MCP } from '../support/places.js';

const SECRET = insufficientScope('mcp read:secret', MCP);
const TODOS = insufficientScope('mcp read:todos', MCP);
const HOST = 'https://data.example.com';

const complete = (ref: unknown) =>
  call('completion/complete', { ref, argument: { name: 'id', value: '' } });
const listen = (resourceSubscriptions: unknown) =>
  call('subscriptions/listen', { notifications: { resourceSubscriptions } });

export const mcpResources: Attack[] = [
  ...requests(
    'MCP resources; RFC 3986, section 6',
    'a resource needs its scopes under every spelling that a server may take for it',
    SECRET,
    {
      'a resource without the scope': posting(read('todo://secret')),
      'a resource with the scheme in capitals': posting(read('TODO://secret')),
      'a resource after a space': posting(read(' todo://secret')),
      'a resource and a space': posting(read('todo://secret ')),
      'a resource with a tab within': posting(read('todo://sec\tret')),
      'a resource with a line end within': posting(read('todo://sec\nret')),
      'a resource of the web with the host in capitals': posting(
        read('https://DATA.example.com/secret'),
      ),
      'a resource of the web with the default port': posting(
        read('https://data.example.com:443/secret'),
      ),
      'a resource of the web with a dot segment': posting(read(`${HOST}/./secret`)),
      'a resource of the web by way of another': posting(read(`${HOST}/public/../secret`)),
      'a resource of the web by way of encoded dot segments': posting(
        read(`${HOST}/public/%2e%2e/secret`),
      ),
      'a resource of the web with backslashes': posting(read('https:\\\\data.example.com\\secret')),
      'a resource of the web with one slash': posting(read('https:/data.example.com/secret')),
      'a resource of the web with a host in fullwidth letters': posting(
        read('https://\uff44ata.example.com/secret'),
      ),
      'a resource of the web with an empty userinfo': posting(
        read('https://@data.example.com/secret'),
      ),
      'a subscription to the resource': posting(
        call('resources/subscribe', { uri: 'todo://secret' }),
      ),
      'the end of a subscription to the resource': posting(
        call('resources/unsubscribe', { uri: 'todo://secret' }),
      ),
      'a stream of the resource': posting(listen(['todo://secret'])),
      'a stream of the resource among others': posting(listen(['todo://list', 'todo://secret'])),
      'a stream of the resource that is not in an array': posting(listen('todo://secret')),
      'the completion of the resource': posting(
        complete({ type: 'ref/resource', uri: 'todo://secret' }),
      ),
      'the completion of the resource, the type in another case': posting(
        complete({ type: 'REF/PROMPT', name: 'x', uri: 'todo://secret' }),
      ),
      'the completion of the resource, without a type': posting(complete({ uri: 'todo://secret' })),
      'a resource that is a tool as well': posting(
        call('resources/read', { uri: 'todo://secret', name: 'list-todos' }),
      ),
    },
  ),
  ...requests(
    'MCP resources; RFC 6570',
    'what a template may stand for needs the scopes of the template',
    TODOS,
    {
      'a resource of the template': posting(read('todo://1')),
      'a resource of the template in another case': posting(read('todo://SECRET')),
      'a resource of the template, percent-encoded': posting(read('todo://%73ecret')),
      'a resource of the template with a query': posting(read('todo://secret?x')),
      'a resource of the template with a fragment': posting(read('todo://secret#x')),
      'a resource of the template with a dot': posting(read('todo://secret.')),
      'a resource of the template with NUL': posting(read('todo://secret%00')),
      'a resource of the template with the scheme in mixed case': posting(read('Todo://1')),
      'a resource of the template that is the template': posting(read('todo://{id}')),
      'a resource of the template called __proto__': posting(read('todo://__proto__')),
      'the completion of the template': posting(
        complete({ type: 'ref/resource', uri: 'todo://{id}' }),
      ),
    },
  ),
  ...requests(
    'MCP resources; CWE-1333',
    'a URI that is too long to be matched is taken for one of every template',
    insufficientScope('mcp read:todos read:files', MCP),
    { 'a resource of four thousand characters': posting(read(`x://${'x/'.repeat(2000)}`)) },
  ),
  ...requests(
    'MCP resources; RFC 6570',
    'a template is matched with what was sent too, and without regard to case',
    insufficientScope('mcp read:files', MCP),
    {
      'a resource of the web of the template, the path in another case': posting(
        read(`${HOST}/FILES/x`),
      ),
      'a resource of the template called two dots': posting(read(`${HOST}/files/..`)),
      'a resource of the template called two dots, encoded': posting(read(`${HOST}/files/%2E%2E`)),
    },
  ),
  ...requests(
    'MCP resources; CWE-843',
    'a URI that is no string is what a server may make of it',
    SECRET,
    {
      'a URI that is an array': posting(read(['todo://secret'])),
      'a URI that is an object with a URI': posting(read({ uri: 'todo://secret' })),
      'a stream of objects': posting(listen(['todo://list', { uri: 'todo://secret' }])),
      'a stream of arrays': posting(listen([['todo://secret']])),
      'a completion of a URI that is an array': posting(
        complete({ type: 'ref/resource', uri: ['todo://secret'] }),
      ),
      'a completion of a foreign type': posting(
        complete({ type: 'ref/skill', uri: 'todo://secret' }),
      ),
    },
  ),
  ...requests('MCP extensions', 'a URI is about its resource, whatever the method', SECRET, {
    'a resource of an extension': posting(call('skills/get', { uri: 'todo://secret' })),
    'a directory': posting(call('resources/directory/read', { uri: 'TODO://secret' })),
    'a reference of an extension': posting(call('x/y', { ref: { uri: 'todo://secret' } })),
    'a list of one': posting(call('resources/list', { uri: 'todo://secret' })),
    'a tool that is given a resource': posting(
      call('tools/call', { name: 'list-todos', uri: 'todo://secret' }),
    ),
  }),
  ...requests('MCP resources; CWE-770', 'what asks for too much is not let through', tooMuch(), {
    'a stream of two hundred and one': posting(
      listen(Array.from({ length: 201 }, (_, i) => `x://${i}`)),
    ),
  }),
  ...Object.entries({
    'a URI that is an object': read({ href: 'todo://secret' }),
    'a URI that is a number': read(1),
    'a URI that is null': read(null),
    'no URI': call('resources/read', {}),
    'a stream of null': listen(null),
    'a stream without notifications': call('subscriptions/listen', { notifications: null }),
  }).flatMap(([name, body]) => {
    const { uri } = (body.params ?? {}) as { uri?: unknown };
    return requests(
      'JSON-RPC 2.0, section 5.1',
      'what names nothing is for the server to refuse',
      letIn({ carriedOut: [[body.method, uri].filter(Boolean)] }),
      { [name]: posting(body) },
    );
  }),
  ...requests(
    'MCP resources; RFC 3986, section 6',
    'where what is not named is refused, another URI is not named',
    denied,
    {
      'a resource of another scheme': strictly(read('file:///etc/passwd')),
      'a resource of a scheme that begins alike': strictly(read('todos://list')),
      'a resource below one that is named': strictly(read('todo://list/../secret')),
      'a resource of two segments': strictly(read('todo://a/b')),
      'a resource of the web at another port': strictly(
        read('https://data.example.com:8443/public/a'),
      ),
      'a resource of the web at a host that begins alike': strictly(
        read('https://data.example.com.evil.example/public/a'),
      ),
      'a resource of the web as userinfo': strictly(
        read('https://data.example.com@evil.example/public/a'),
      ),
      'a resource of the web over http': strictly(read('http://data.example.com/public/a')),
      'a resource of the web of two segments': strictly(read(`${HOST}/public/a/b`)),
      'a resource of no name': strictly(read('')),
      'a resource called __proto__': strictly(read('__proto__')),
      'a stream of one that is not named among others': strictly(
        listen(['todo://list', 'file:///etc/passwd']),
      ),
    },
  ),
];

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
    'a resource needs its scopes under every spelling that a server may take for its URI',
    SECRET,
    {
      'a read of a resource without its scope': posting(read('todo://secret')),
      'a read of a URI with its scheme in capitals': posting(read('TODO://secret')),
      'a read of a URI after a space': posting(read(' todo://secret')),
      'a read of a URI and a space': posting(read('todo://secret ')),
      'a read of a URI with a tab within': posting(read('todo://sec\tret')),
      'a read of a URI with a line end within': posting(read('todo://sec\nret')),
      'a read of an https URI with its host in capitals': posting(
        read('https://DATA.example.com/secret'),
      ),
      'a read of an https URI with the default port': posting(
        read('https://data.example.com:443/secret'),
      ),
      'a read of an https URI with a dot segment': posting(read(`${HOST}/./secret`)),
      'a read of an https URI by way of dot segments below another resource': posting(
        read(`${HOST}/public/../secret`),
      ),
      'a read of an https URI by way of encoded dot segments below another resource': posting(
        read(`${HOST}/public/%2e%2e/secret`),
      ),
      'a read of an https URI with backslashes in place of slashes': posting(
        read('https:\\\\data.example.com\\secret'),
      ),
      'a read of an https URI with one slash after the scheme': posting(
        read('https:/data.example.com/secret'),
      ),
      'a read of an https URI with a fullwidth letter in its host': posting(
        read('https://\uff44ata.example.com/secret'),
      ),
      'a read of an https URI with an empty userinfo': posting(
        read('https://@data.example.com/secret'),
      ),
      'a subscription to a resource without its scope': posting(
        call('resources/subscribe', { uri: 'todo://secret' }),
      ),
      'the end of a subscription to a resource without its scope': posting(
        call('resources/unsubscribe', { uri: 'todo://secret' }),
      ),
      'a stream of one resource without its scope': posting(listen(['todo://secret'])),
      'a stream of two resources, without the scope of the second': posting(
        listen(['todo://list', 'todo://secret']),
      ),
      'a stream of a resource that is a string in place of an array': posting(
        listen('todo://secret'),
      ),
      'a completion of a resource without its scope': posting(
        complete({ type: 'ref/resource', uri: 'todo://secret' }),
      ),
      'a completion of a resource as REF/PROMPT with a name and a URI': posting(
        complete({ type: 'REF/PROMPT', name: 'x', uri: 'todo://secret' }),
      ),
      'a completion of a resource with a ref without a type': posting(
        complete({ uri: 'todo://secret' }),
      ),
      'a read of a resource with the name of a tool beside its URI': posting(
        call('resources/read', { uri: 'todo://secret', name: 'list-todos' }),
      ),
    },
  ),
  ...requests(
    'MCP resources; RFC 6570',
    'a URI that a template matches needs the scopes of the template',
    TODOS,
    {
      'a read of a URI of a template without its scope': posting(read('todo://1')),
      'a read of a URI of a template that is another resource in capitals': posting(
        read('todo://SECRET'),
      ),
      'a read of a URI of a template that is another resource with a percent-encoded letter':
        posting(read('todo://%73ecret')),
      'a read of a URI of a template that is another resource with a query': posting(
        read('todo://secret?x'),
      ),
      'a read of a URI of a template that is another resource with a fragment': posting(
        read('todo://secret#x'),
      ),
      'a read of a URI of a template that is another resource and a dot': posting(
        read('todo://secret.'),
      ),
      'a read of a URI of a template that is another resource and an encoded NUL': posting(
        read('todo://secret%00'),
      ),
      'a read of a URI of a template with its scheme in mixed case': posting(read('Todo://1')),
      'a read of the text of a template itself': posting(read('todo://{id}')),
      'a read of a URI of a template with __proto__ as its variable': posting(
        read('todo://__proto__'),
      ),
      'a completion of a template without its scope': posting(
        complete({ type: 'ref/resource', uri: 'todo://{id}' }),
      ),
    },
  ),
  ...requests(
    'MCP resources; CWE-1333',
    'a URI that is too long to be compared needs the scopes of every template',
    insufficientScope('mcp read:todos read:files', MCP),
    { 'a read of a URI of four thousand characters': posting(read(`x://${'x/'.repeat(2000)}`)) },
  ),
  ...requests(
    'MCP resources; RFC 6570',
    'a template is compared with the URI as it was sent too, and ignores case',
    insufficientScope('mcp read:files', MCP),
    {
      'a read of an https URI of a template with its path in capitals': posting(
        read(`${HOST}/FILES/x`),
      ),
      'a read of an https URI of a template with two dots as its variable': posting(
        read(`${HOST}/files/..`),
      ),
      'a read of an https URI of a template with two encoded dots as its variable': posting(
        read(`${HOST}/files/%2E%2E`),
      ),
    },
  ),
  ...requests(
    'MCP resources; CWE-843',
    'a request needs the scopes of every resource that a server may take its URI for',
    SECRET,
    {
      'a read of a URI in an array': posting(read(['todo://secret'])),
      'a read of a URI in an object': posting(read({ uri: 'todo://secret' })),
      'a stream of a URI and an object with a URI': posting(
        listen(['todo://list', { uri: 'todo://secret' }]),
      ),
      'a stream of an array in an array': posting(listen([['todo://secret']])),
      'a completion of a URI in an array': posting(
        complete({ type: 'ref/resource', uri: ['todo://secret'] }),
      ),
      'a completion of a resource with a ref of an unknown type': posting(
        complete({ type: 'ref/skill', uri: 'todo://secret' }),
      ),
    },
  ),
  ...requests(
    'MCP extensions',
    'a URI needs the scopes of its resource, whatever the method',
    SECRET,
    {
      'an unknown method skills/get with the URI of a resource': posting(
        call('skills/get', { uri: 'todo://secret' }),
      ),
      'an unknown method resources/directory/read with the URI of a resource': posting(
        call('resources/directory/read', { uri: 'TODO://secret' }),
      ),
      'an unknown method with the URI of a resource in a ref': posting(
        call('x/y', { ref: { uri: 'todo://secret' } }),
      ),
      'a list of resources with the URI of a resource': posting(
        call('resources/list', { uri: 'todo://secret' }),
      ),
      'a call of a tool with the URI of a resource beside its name': posting(
        call('tools/call', { name: 'list-todos', uri: 'todo://secret' }),
      ),
    },
  ),
  ...requests(
    'MCP resources; CWE-770',
    'a body with more URIs than the limit is an invalid request',
    tooMuch(),
    {
      'a stream of 201 resources': posting(
        listen(Array.from({ length: 201 }, (_, i) => `x://${i}`)),
      ),
    },
  ),
  ...Object.entries({
    'a read of an object without a URI': read({ href: 'todo://secret' }),
    'a read of a URI that is a number': read(1),
    'a read of a URI that is null': read(null),
    'a read without a URI': call('resources/read', {}),
    'a stream of resources that are null': listen(null),
    'a stream with notifications that are null': call('subscriptions/listen', {
      notifications: null,
    }),
  }).flatMap(([name, body]) => {
    const { uri } = (body.params ?? {}) as { uri?: unknown };
    return requests(
      'JSON-RPC 2.0, section 5.1',
      'a request that names nothing the options know is let in, for the MCP server to reject',
      letIn({ carriedOut: [[body.method, uri].filter(Boolean)] }),
      { [name]: posting(body) },
    );
  }),
  ...requests(
    'MCP resources; RFC 3986, section 6',
    'with defaultDeny, a URI that neither a resource nor a template of the options matches is denied',
    denied,
    {
      'a read of a URI with another scheme': strictly(read('file:///etc/passwd')),
      'a read of a URI with a scheme that continues a known scheme': strictly(read('todos://list')),
      'a read of a URI with dot segments below a known resource': strictly(
        read('todo://list/../secret'),
      ),
      'a read of a URI with one segment more than a template has': strictly(read('todo://a/b')),
      'a read of an https URI with another port': strictly(
        read('https://data.example.com:8443/public/a'),
      ),
      'a read of an https URI with a host that continues the known host': strictly(
        read('https://data.example.com.evil.example/public/a'),
      ),
      'a read of an https URI with the known host as userinfo': strictly(
        read('https://data.example.com@evil.example/public/a'),
      ),
      'a read of an https URI with http in place of https': strictly(
        read('http://data.example.com/public/a'),
      ),
      'a read of an https URI with one segment more than a template has': strictly(
        read(`${HOST}/public/a/b`),
      ),
      'a read of a URI that is an empty string': strictly(read('')),
      'a read of a URI that is __proto__': strictly(read('__proto__')),
      'a stream of a known and an unknown resource': strictly(
        listen(['todo://list', 'file:///etc/passwd']),
      ),
    },
  ),
];

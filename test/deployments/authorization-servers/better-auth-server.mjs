// A Better Auth server with pages to log in and to consent, as an application has them. The tests copy this file
// into the folder of its packages. Arguments: port, 'jwt' or 'opaque', resource identifiers.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { oauthProvider } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';

const [port, format, ...resources] = process.argv.slice(2);
const origin = `http://localhost:${port}`;

const MODELS = [
  ...['user', 'session', 'account', 'verification', 'jwks'],
  ...['Client', 'AccessToken', 'RefreshToken', 'Consent', 'Resource', 'ClientResource'].map(
    (name) => `oauth${name}`,
  ),
];
const database = Object.fromEntries(MODELS.map((model) => [model, []]));

const auth = betterAuth({
  baseURL: origin,
  secret: randomBytes(32).toString('base64'),
  database: memoryAdapter(database),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    ...(format === 'jwt' ? [jwt()] : []),
    oauthProvider({
      loginPage: '/login',
      consentPage: '/consent',
      scopes: ['openid', 'read:things', 'write:things'],
      resources,
      clientRegistrationDefaultResources: resources,
      allowDynamicClientRegistration: true,
      allowUnauthenticatedClientRegistration: true,
      disableJwtPlugin: format === 'opaque',
    }),
  ],
});
await auth.api.signUpEmail({
  body: { name: 'Alice', email: 'alice@example.com', password: 'a password, made up' },
});

/** For each page, the path and the body of the request that the page sends when its form is submitted. */
const PAGES = {
  '/login': {
    path: '/sign-in/email',
    body: (form) => ({ email: form.get('username'), password: form.get('password') }),
  },
  '/consent': {
    path: '/oauth2/consent',
    body: (form) => ({ accept: form.get('decision') === 'allow' }),
  },
};

async function submit({ path, body }, request, query) {
  const form = new URLSearchParams(await text(request));
  return auth.handler(
    new Request(`${origin}/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie: request.headers.cookie ?? '' },
      body: JSON.stringify({ ...body(form), oauth_query: query }),
    }),
  );
}

const handle = toNodeHandler(auth);
createServer(async (request, response) => {
  const { pathname, search } = new URL(request.url, origin);
  if (pathname === '/rotate') {
    database.jwks.length = 0;
    response.end();
    return;
  }
  const page = PAGES[pathname];
  if (page === undefined) {
    // Browsers send this value. With the value that Node's `fetch` sends, Better Auth would answer JSON, not a redirect.
    request.headers['sec-fetch-mode'] = 'navigate';
    await handle(request, response);
  } else if (request.method === 'GET') {
    response.end('<form method="post">');
  } else {
    const answer = await submit(page, request, search.slice(1));
    const { url } = await answer.json();
    response.writeHead(302, { location: url, 'set-cookie': answer.headers.getSetCookie() }).end();
  }
}).listen(Number(port), '127.0.0.1');

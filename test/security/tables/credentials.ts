import { asAlice, invalidToken, unauthorized, unreadable } from '../support/answers.js';
import { requests, type Attack } from '../support/attack.js';
import type { Laboratory } from '../support/laboratory.js';
import { NOTES, OPTIONAL } from '../support/places.js';

/** `GET /notes` with these `Authorization` headers, in which `{}` stands for Alice's token. */
const authorization =
  (...values: string[]) =>
  ({ victim }: Laboratory) => ({
    path: NOTES.path,
    headers: values.flatMap((value) => ['Authorization', value.replaceAll('{}', victim)]),
  });
const fields =
  (...pairs: string[]) =>
  ({ victim }: Laboratory) => ({
    path: NOTES.path,
    headers: pairs.map((text) => text.replaceAll('{}', victim)),
  });

const FORM = 'application/x-www-form-urlencoded';

export const credentials: Attack[] = [
  ...requests(
    'RFC 9110, section 11.6.2; RFC 6750, section 3',
    'without the scheme Bearer nothing is presented',
    unauthorized(),
    {
      'no Authorization header': { path: NOTES.path },
      'an Authorization header of nothing': authorization(''),
      'an Authorization header of spaces': authorization('   '),
      'the token without a scheme': authorization('{}'),
      'the scheme Basic': authorization('Basic YWxpY2U6cGFzc3dvcmQ='),
      'the scheme Basic with the token as password': ({ victim }) => ({
        path: NOTES.path,
        headers: ['Authorization', `Basic ${Buffer.from(`:${victim}`).toString('base64')}`],
      }),
      'the scheme DPoP': authorization('DPoP {}'),
      'the scheme Token': authorization('Token {}'),
      'the scheme JWT': authorization('JWT {}'),
      'the scheme Negotiate': authorization('Negotiate {}'),
      'a scheme that begins with Bearer': authorization('BearerToken {}'),
      'a scheme that ends in Bearer': authorization('XBearer {}'),
      'the scheme in quotes': authorization('"Bearer" {}'),
      'a colon after the scheme': authorization('Bearer: {}'),
      'an equals sign after the scheme': authorization('Bearer={}'),
      'a comma before the scheme': authorization(', Bearer {}'),
      'a slash after the scheme': authorization('Bearer/{}'),
      'a no-break space after the scheme': authorization('Bearer\u00a0{}'),
      'another scheme first, then Bearer after a comma': authorization('Basic YTpi, Bearer {}'),
      'the token as a parameter of another scheme': authorization(
        'Digest username="a", token="{}"',
      ),
    },
  ),
  ...requests('RFC 6750, section 2.1 and 3.1', 'after Bearer comes a token', unreadable('none'), {
    'Bearer and nothing': authorization('Bearer'),
    'Bearer and a space': authorization('Bearer '),
    'bearer and nothing': authorization('bearer'),
  }),
  ...requests(
    'RFC 6750, section 2.1 and 3.1',
    'after Bearer comes one token',
    unreadable('characters'),
    {
      'two tokens after a space': authorization('Bearer {} {}'),
      'two tokens after a comma': authorization('Bearer {},{}'),
      'two credentials after a comma': authorization('Bearer {}, Bearer {}'),
      'another scheme after a comma': authorization('Bearer {}, Basic YTpi'),
      'Bearer twice': authorization('Bearer Bearer {}'),
      'a letter with an accent after the token': authorization('Bearer {}\u00e9'),
      'a no-break space after the token': authorization('Bearer {}\u00a0x'),
      'an equals sign only': authorization('Bearer ='),
      'a comma after the token': authorization('Bearer {},'),
      'a percent sign': authorization('Bearer %00'),
      'a template': authorization('Bearer ${{}}'),
    },
  ),
  ...requests(
    'RFC 9110, section 5.3; RFC 6750, section 3.1',
    'a request has one Authorization header',
    unreadable('two headers'),
    {
      'the same token twice': authorization('Bearer {}', 'Bearer {}'),
      'a bad token first': authorization('Bearer x', 'Bearer {}'),
      'a bad token second': authorization('Bearer {}', 'Bearer x'),
      'another scheme first': authorization('Basic YTpi', 'Bearer {}'),
      'another scheme second': authorization('Bearer {}', 'Basic YTpi'),
      'nothing first': authorization('', 'Bearer {}'),
      'nothing second': authorization('Bearer {}', ''),
      'a second in lower case': fields('Authorization', 'Bearer {}', 'authorization', 'Bearer {}'),
      'a second in mixed case': fields('AUTHORIZATION', 'Bearer x', 'aUTHORIZATION', 'Bearer {}'),
      'three, far from each other': fields(
        'Authorization',
        'Bearer {}',
        'Accept',
        '*/*',
        'X-A',
        'b',
        'Authorization',
        'Bearer {}',
        'X-C',
        'd',
        'Authorization',
        'x',
      ),
    },
  ),
  ...requests(
    'RFC 9110, section 5.3; RFC 6750, section 3.1',
    'a request has one Authorization header, also where a token is not needed',
    unreadable('two headers', OPTIONAL),
    {
      'two headers where a token is not needed': (lab) => ({
        ...authorization('Bearer x', 'Basic x')(lab),
        path: OPTIONAL.path,
      }),
    },
  ),
  ...requests('RFC 9110, section 11.1', 'the scheme is case-insensitive', asAlice, {
    'the scheme in lower case': authorization('bearer {}'),
    'the scheme in capitals': authorization('BEARER {}'),
    'the scheme in mixed case, several spaces': authorization('bEaReR    {}'),
  }),
  ...requests(
    'RFC 9110, section 11.1',
    'the scheme is case-insensitive for a bad token too',
    invalidToken('malformed'),
    {
      'a bad token, the scheme in lower case': authorization('bearer x'),
      'a bad token, the scheme in capitals': authorization('BEARER x'),
    },
  ),
  ...requests(
    'OAuth 2.1, section 5.1; RFC 9700, section 4.3.2; RFC 6750, section 2',
    'a token is taken from the Authorization header, and from nowhere else',
    unauthorized(),
    {
      'token in the query': ({ victim }) => ({ path: `${NOTES.path}?access_token=${victim}` }),
      'token in the query, as an array': ({ victim }) => ({
        path: `${NOTES.path}?access_token[]=${victim}&token=${victim}`,
      }),
      'Authorization in the query': ({ victim }) => ({
        path: `${NOTES.path}?Authorization=Bearer%20${victim}`,
      }),
      'token in the form-encoded body of a GET': ({ victim }) => ({
        path: NOTES.path,
        headers: ['Content-Type', FORM],
        body: `access_token=${victim}`,
      }),
      'token in a cookie': fields('Cookie', 'access_token={}; Authorization=Bearer {}; token={}'),
      'token in X-Forwarded-Authorization': fields('X-Forwarded-Authorization', 'Bearer {}'),
      'token in Proxy-Authorization': fields('Proxy-Authorization', 'Bearer {}'),
      'token in X-Original-Authorization': fields('X-Original-Authorization', 'Bearer {}'),
      'token in X-Access-Token': fields(
        'X-Access-Token',
        '{}',
        'X-Auth-Token',
        '{}',
        'X-Api-Key',
        '{}',
      ),
      'token in X-HTTP-Authorization': fields(
        'HTTP_AUTHORIZATION',
        'Bearer {}',
        'REDIRECT_HTTP_AUTHORIZATION',
        'Bearer {}',
      ),
      'token in a header with an underscore': fields('Authorization_', 'Bearer {}'),
      'token in Authentication': fields(
        'Authentication',
        'Bearer {}',
        'Authentication-Info',
        'Bearer {}',
      ),
      'token as WebSocket protocol': fields('Sec-WebSocket-Protocol', 'bearer, {}'),
      'token in From, Referer and User-Agent': fields(
        'From',
        'Bearer {}',
        'Referer',
        'https://x/?access_token={}',
        'User-Agent',
        'Bearer {}',
      ),
      'identity in headers of a proxy': fields(
        'X-Forwarded-User',
        'alice',
        'X-Auth-Request-User',
        'alice',
        'X-Remote-User',
        'alice',
        'X-Forwarded-For',
        '127.0.0.1',
        'X-Real-Ip',
        '127.0.0.1',
      ),
      'a client certificate in a header': fields(
        'X-Forwarded-Client-Cert',
        'Subject="CN=alice"',
        'X-SSL-Client-Verify',
        'SUCCESS',
      ),
    },
  ),
  ...requests(
    'OAuth 2.1, section 5.1; RFC 6750, section 2.2',
    'a token in a body is ignored',
    unauthorized({ ...NOTES, scope: 'read:notes write:notes' }),
    {
      'token in a form': ({ victim }) => ({
        method: 'POST',
        path: NOTES.path,
        headers: ['Content-Type', FORM],
        body: `access_token=${victim}`,
      }),
      'token in a JSON body': ({ victim }) => ({
        method: 'POST',
        path: NOTES.path,
        headers: ['Content-Type', 'application/json'],
        body: JSON.stringify({
          access_token: victim,
          headers: { authorization: `Bearer ${victim}` },
        }),
      }),
      'a polluting JSON body with the token': ({ victim }) => ({
        method: 'POST',
        path: NOTES.path,
        headers: ['Content-Type', 'application/json'],
        body: JSON.stringify({
          authorization: `Bearer ${victim}`,
          auth: { subject: 'root', scopes: ['write:notes'] },
        }),
      }),
    },
  ),
  ...requests(
    'OAuth 2.1, section 5.1',
    'what else is sent beside the header has no effect',
    asAlice,
    {
      'another token in the query': (lab) => ({
        path: `${NOTES.path}?access_token=${lab.forge({ claims: { sub: 'root' } })}`,
        token: lab.victim,
      }),
      'the caller in the query and in headers': (lab) => ({
        path: `${NOTES.path}?subject=root&scopes=admin`,
        token: lab.victim,
        headers: ['X-Auth-Info', '{"subject":"root"}', 'X-User', 'root'],
      }),
    },
  ),
];

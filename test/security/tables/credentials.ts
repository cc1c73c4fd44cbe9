import { asAlice, invalidToken, unauthorized, unreadable } from '../support/answers.js';
import { requests, type Attack } from '../support/attack.js';
import type { Laboratory } from '../support/laboratory.js';
import { NOTES, OPTIONAL } from '../support/places.js';

/** Returns a `GET /notes` with these `Authorization` headers. Alice's token replaces `{}`. */
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
    'without the scheme Bearer, the request counts as one without a token',
    unauthorized(),
    {
      'no Authorization header': { path: NOTES.path },
      'an empty Authorization header': authorization(''),
      'an Authorization header of spaces': authorization('   '),
      'a token without a scheme': authorization('{}'),
      'a password after the scheme Basic': authorization('Basic YWxpY2U6cGFzc3dvcmQ='),
      'a token as the password of the scheme Basic': ({ victim }) => ({
        path: NOTES.path,
        headers: ['Authorization', `Basic ${Buffer.from(`:${victim}`).toString('base64')}`],
      }),
      'a token after the scheme DPoP': authorization('DPoP {}'),
      'a token after the scheme Token': authorization('Token {}'),
      'a token after the scheme JWT': authorization('JWT {}'),
      'a token after the scheme Negotiate': authorization('Negotiate {}'),
      'a token after the scheme BearerToken': authorization('BearerToken {}'),
      'a token after the scheme XBearer': authorization('XBearer {}'),
      'the scheme Bearer in quotes': authorization('"Bearer" {}'),
      'a colon after Bearer': authorization('Bearer: {}'),
      'an equals sign after Bearer': authorization('Bearer={}'),
      'a comma before Bearer': authorization(', Bearer {}'),
      'a slash after Bearer': authorization('Bearer/{}'),
      'a no-break space after Bearer': authorization('Bearer\u00a0{}'),
      'another scheme first, then Bearer after a comma': authorization('Basic YTpi, Bearer {}'),
      'a token as a parameter of the scheme Digest': authorization(
        'Digest username="a", token="{}"',
      ),
    },
  ),
  ...requests(
    'RFC 6750, section 2.1 and 3.1',
    'Bearer without a token is an invalid request',
    unreadable('none'),
    {
      'Bearer without anything after it': authorization('Bearer'),
      'Bearer and a space, without a token': authorization('Bearer '),
      'bearer in lower case without anything after it': authorization('bearer'),
    },
  ),
  ...requests(
    'RFC 6750, section 2.1 and 3.1',
    'anything but one token after Bearer is an invalid request',
    unreadable('characters'),
    {
      'two tokens with a space between them': authorization('Bearer {} {}'),
      'two tokens with a comma between them': authorization('Bearer {},{}'),
      'two Bearer credentials with a comma between them': authorization('Bearer {}, Bearer {}'),
      'a token, then Basic after a comma': authorization('Bearer {}, Basic YTpi'),
      'Bearer twice before the token': authorization('Bearer Bearer {}'),
      'a letter with an accent after the token': authorization('Bearer {}\u00e9'),
      'a no-break space and a letter after the token': authorization('Bearer {}\u00a0x'),
      'an equals sign in place of the token': authorization('Bearer ='),
      'a comma after the token': authorization('Bearer {},'),
      'a percent-encoded NUL in place of the token': authorization('Bearer %00'),
      'the token in the braces of a template literal': authorization('Bearer ${{}}'),
    },
  ),
  ...requests(
    'RFC 9110, section 5.3; RFC 6750, section 3.1',
    'a request with more than one Authorization header is invalid',
    unreadable('two headers'),
    {
      'two Authorization headers with the same token': authorization('Bearer {}', 'Bearer {}'),
      'two Authorization headers, the first with an invalid token': authorization(
        'Bearer x',
        'Bearer {}',
      ),
      'two Authorization headers, the second with an invalid token': authorization(
        'Bearer {}',
        'Bearer x',
      ),
      'two Authorization headers, the first with the scheme Basic': authorization(
        'Basic YTpi',
        'Bearer {}',
      ),
      'two Authorization headers, the second with the scheme Basic': authorization(
        'Bearer {}',
        'Basic YTpi',
      ),
      'two Authorization headers, the first empty': authorization('', 'Bearer {}'),
      'two Authorization headers, the second empty': authorization('Bearer {}', ''),
      'two Authorization headers, the second name in lower case': fields(
        'Authorization',
        'Bearer {}',
        'authorization',
        'Bearer {}',
      ),
      'two Authorization headers, with names in capitals and in mixed case': fields(
        'AUTHORIZATION',
        'Bearer x',
        'aUTHORIZATION',
        'Bearer {}',
      ),
      'three Authorization headers with other headers between them': fields(
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
    'a request with more than one Authorization header is invalid, even if the token is optional',
    unreadable('two headers', OPTIONAL),
    {
      'two Authorization headers where the token is optional': (lab) => ({
        ...authorization('Bearer x', 'Basic x')(lab),
        path: OPTIONAL.path,
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 11.1',
    'the case of the scheme does not matter: a valid token is accepted',
    asAlice,
    {
      'a valid token, the scheme in lower case': authorization('bearer {}'),
      'a valid token, the scheme in capitals': authorization('BEARER {}'),
      'a valid token, the scheme in mixed case with several spaces after it':
        authorization('bEaReR    {}'),
    },
  ),
  ...requests(
    'RFC 9110, section 11.1',
    'the case of the scheme does not matter: an invalid token is rejected',
    invalidToken('malformed'),
    {
      'an invalid token, the scheme in lower case': authorization('bearer x'),
      'an invalid token, the scheme in capitals': authorization('BEARER x'),
    },
  ),
  ...requests(
    'OAuth 2.1, section 5.1; RFC 9700, section 4.3.2; RFC 6750, section 2',
    'a token is read only from the Authorization header',
    unauthorized(),
    {
      'a token in the query, as access_token': ({ victim }) => ({
        path: `${NOTES.path}?access_token=${victim}`,
      }),
      'tokens in the query, as access_token[] and token': ({ victim }) => ({
        path: `${NOTES.path}?access_token[]=${victim}&token=${victim}`,
      }),
      'an Authorization header as a parameter of the query': ({ victim }) => ({
        path: `${NOTES.path}?Authorization=Bearer%20${victim}`,
      }),
      'a token in the form-encoded body of a GET': ({ victim }) => ({
        path: NOTES.path,
        headers: ['Content-Type', FORM],
        body: `access_token=${victim}`,
      }),
      'a token in cookies': fields('Cookie', 'access_token={}; Authorization=Bearer {}; token={}'),
      'a token in X-Forwarded-Authorization': fields('X-Forwarded-Authorization', 'Bearer {}'),
      'a token in Proxy-Authorization': fields('Proxy-Authorization', 'Bearer {}'),
      'a token in X-Original-Authorization': fields('X-Original-Authorization', 'Bearer {}'),
      'a token in X-Access-Token, X-Auth-Token and X-Api-Key': fields(
        'X-Access-Token',
        '{}',
        'X-Auth-Token',
        '{}',
        'X-Api-Key',
        '{}',
      ),
      'a token in HTTP_AUTHORIZATION and REDIRECT_HTTP_AUTHORIZATION': fields(
        'HTTP_AUTHORIZATION',
        'Bearer {}',
        'REDIRECT_HTTP_AUTHORIZATION',
        'Bearer {}',
      ),
      'a token in a header called Authorization_': fields('Authorization_', 'Bearer {}'),
      'a token in Authentication and Authentication-Info': fields(
        'Authentication',
        'Bearer {}',
        'Authentication-Info',
        'Bearer {}',
      ),
      'a token as WebSocket protocol': fields('Sec-WebSocket-Protocol', 'bearer, {}'),
      'a token in From, Referer and User-Agent': fields(
        'From',
        'Bearer {}',
        'Referer',
        'https://x/?access_token={}',
        'User-Agent',
        'Bearer {}',
      ),
      'a user and an address in headers that proxies set': fields(
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
      'a client certificate in headers that proxies set': fields(
        'X-Forwarded-Client-Cert',
        'Subject="CN=alice"',
        'X-SSL-Client-Verify',
        'SUCCESS',
      ),
    },
  ),
  ...requests(
    'OAuth 2.1, section 5.1; RFC 6750, section 2.2',
    'a token in a body is not read',
    unauthorized({ ...NOTES, scope: 'read:notes write:notes' }),
    {
      'a POST of a form with the token': ({ victim }) => ({
        method: 'POST',
        path: NOTES.path,
        headers: ['Content-Type', FORM],
        body: `access_token=${victim}`,
      }),
      'a POST of JSON with the token': ({ victim }) => ({
        method: 'POST',
        path: NOTES.path,
        headers: ['Content-Type', 'application/json'],
        body: JSON.stringify({
          access_token: victim,
          headers: { authorization: `Bearer ${victim}` },
        }),
      }),
      'a POST of JSON with the token and a caller called auth': ({ victim }) => ({
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
    'only the token in the Authorization header says who is calling',
    asAlice,
    {
      'a valid token, and a token of another subject in the query': (lab) => ({
        path: `${NOTES.path}?access_token=${lab.forge({ claims: { sub: 'root' } })}`,
        token: lab.victim,
      }),
      'a valid token, and another subject in the query and in headers': (lab) => ({
        path: `${NOTES.path}?subject=root&scopes=admin`,
        token: lab.victim,
        headers: ['X-Auth-Info', '{"subject":"root"}', 'X-User', 'root'],
      }),
    },
  ),
];

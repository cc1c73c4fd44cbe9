import { deflateRawSync } from 'node:zlib';
import { asAlice, insufficientScope, invalidToken, unreadable } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import { segment, split, type Forgery } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';

const parts = (lab: Laboratory) => split(lab.victim);
const json = ([header, payload, signature]: [string, string, string]) => ({
  payload,
  protected: header,
  signature,
});
const header = (headerText: (json: string) => string | Buffer): Forgery => ({ headerText });
const payload = (payloadText: (json: string) => string | Buffer): Forgery => ({ payloadText });
/** Adds members before the genuine members. {@link last} adds members after them. */
const first = (members: string) => (json: string) => json.replace('{', `{${members},`);
const last = (members: string) => (json: string) => json.replace(/\}$/, `,${members}}`);

/**
 * Returns the token with a change in the last character of its signature. Two bits of that character belong to the
 * signature, and the other four bits must be zero.
 */
const withTrailingBits = ({ victim }: Laboratory) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const next = alphabet.charAt(alphabet.indexOf(victim.at(-1) ?? '') + 1);
  return victim.slice(0, -1) + next;
};

export const serialization: Attack[] = [
  ...tokens(
    'RFC 7519, section 3; RFC 7515, section 3.1',
    'a token that is not a JWS of three segments is rejected',
    invalidToken('malformed'),
    {
      'a text without dots': () => 'abc',
      'a digit': () => '0',
      'a header without payload and signature': (lab) => parts(lab)[0],
      'a header and a payload without a signature': (lab) => parts(lab).slice(0, 2).join('.'),
      'a token with a second signature after a dot': (lab) => `${lab.victim}.${parts(lab)[2]}`,
      'a token with a dot after it': (lab) => `${lab.victim}.`,
      'a token with a dot before it': (lab) => `.${lab.victim}`,
      'two dots': () => '..',
      'one dot': () => '.',
      'a token without its header': (lab) => `.${parts(lab).slice(1).join('.')}`,
      'a token without its payload, with the signature of the payload': (lab) =>
        `${parts(lab)[0]}..${parts(lab)[2]}`,
      'a token without a payload, signed without it': payload(() => ''),
      'a token of five segments with the header of a signed token': (lab) => `${parts(lab)[0]}....`,
      'a token with a token as its payload (nested JWT)': (lab) =>
        lab.forge({ header: { cty: 'JWT' }, payloadText: () => lab.victim }),
      'the JSON serialization of a token, encoded': (lab) => segment(json(parts(lab))),
      'the general JSON serialization of a token, encoded': (lab) =>
        segment({ signatures: [json(parts(lab))], payload: parts(lab)[1] }),
      'a token with a disclosure after it, as in an SD-JWT': (lab) =>
        `${lab.victim}~WyJzYWx0Iiwic2NvcGUiLCJhZG1pbiJd~`,
      'a token twice with nothing between': (lab) => lab.victim + lab.victim,
      'a token after a letter': (lab) => `A${lab.victim}`,
      'a token with its payload before its header': (lab) => {
        const [head, body, signature] = parts(lab);
        return `${body}.${head}.${signature}`;
      },
      'a token with plus signs in place of its dots': (lab) => lab.victim.replaceAll('.', '+'),
    },
  ),
  ...tokens(
    'RFC 7519, section 7.2; RFC 8725, section 3.1',
    'an encrypted token is rejected',
    invalidToken('malformed'),
    {
      'a JWE with a shared key': () => `${segment({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`,
      'a JWE with a public key': () =>
        `${segment({ alg: 'ECDH-ES', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`,
      'a JWE with a password and a thousand million rounds': () =>
        `${segment({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 1_000_000_000, p2s: 'AAAA' })}.AAAA.AAAA.AAAA.AAAA`,
      'a JWE that is compressed': () =>
        `${segment({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..AAAA.AAAA.AAAA`,
    },
  ),
  ...tokens(
    'RFC 7515, section 2 and 5.2; RFC 4648, section 3',
    'a token whose segments are not canonical base64url is rejected',
    invalidToken('malformed'),
    {
      'a token with one padding character after it': (lab) => `${lab.victim}=`,
      'a token with two padding characters after it, as in base64': (lab) => `${lab.victim}==`,
      'a token with three padding characters after it': (lab) => `${lab.victim}===`,
      'a token with bits after the end of its signature': withTrailingBits,
      'a token with a signature of a single character': (lab) =>
        `${parts(lab).slice(0, 2).join('.')}.A`,
      'a token with a signature in the alphabet of base64': (lab) =>
        `${parts(lab).slice(0, 2).join('.')}.${'+/'.repeat(43)}`,
    },
  ),
  ...tokens(
    'RFC 6750, section 2.1; RFC 7515, section 2',
    'a token with a character that no token has is an invalid request',
    unreadable('characters'),
    {
      'the JSON serialization of a token': (lab) => JSON.stringify(json(parts(lab))),
      'a token with padding before its first dot': (lab) => lab.victim.replace('.', '=.'),
      'a token with a space before its first dot': (lab) => lab.victim.replace('.', ' .'),
      'a token with percent-encoded dots': (lab) => lab.victim.replaceAll('.', '%2E'),
      'a token in quotes': (lab) => `"${lab.victim}"`,
      'a token in angle brackets': (lab) => `<${lab.victim}>`,
      'a token with the escape of a NUL after it': (lab) => `${lab.victim}\\u0000`,
      'a token with a parameter after a semicolon': (lab) => `${lab.victim};scope=admin`,
      'a token with a parameter after a comma': (lab) => `${lab.victim}, scope="admin"`,
    },
  ),
  ...tokens(
    'RFC 7519, section 7.2; RFC 8259',
    'a token whose header or payload is not a JSON object in UTF-8 is rejected',
    invalidToken('malformed'),
    {
      'a header that is not JSON': header(() => 'header'),
      'a header that is an array': header((text) => `[${text}]`),
      'a header that is null': header(() => 'null'),
      'an empty header': header(() => ''),
      'a header with letters beyond ASCII after it': header((text) => `${text}\u00ff\u00fe`),
      'a header with a comma too many': header((text) => text.replace(/\}$/, ',}')),
      'a header after a comment': header((text) => `/**/${text}`),
      'a header in invalid UTF-8': header((text) =>
        Buffer.concat([
          Buffer.from(text.replace(/\}$/, ',"x":"')),
          Buffer.from([0xff]),
          Buffer.from('"}'),
        ]),
      ),
      'a header in UTF-16': header((text) => Buffer.from(text, 'utf16le')),
      'a header of 5000 brackets that are not closed': header(() => '['.repeat(5000)),
      'a payload that is not JSON': payload(() => 'payload'),
      'a payload that is an array': payload((text) => `[${text}]`),
      'a payload that is a string': payload((text) => JSON.stringify(text)),
      'a payload that is null': payload(() => 'null'),
      'a payload that is a number': payload(() => '1'),
      'a payload twice with a space between': payload((text) => `${text} ${text}`),
      'a payload with NUL after it': payload((text) => `${text}\u0000`),
      'a payload in single quotes': payload((text) => text.replaceAll('"', "'")),
      'a payload in invalid UTF-8': payload((text) =>
        Buffer.concat([
          Buffer.from(text.replace(/\}$/, ',"x":"')),
          Buffer.from([0xc0, 0x80]),
          Buffer.from('"}'),
        ]),
      ),
      'a payload in UTF-16': payload((text) => Buffer.from(text, 'utf16le')),
      'a payload that is compressed': {
        header: { zip: 'DEF' },
        payloadText: (text) => deflateRawSync(text),
      },
      'a payload of 1500 objects that are not closed': payload(() => '{"a":'.repeat(1500)),
    },
  ),
  ...tokens(
    'RFC 7515, section 4',
    'of two header members with one name, the last counts: the token is rejected',
    invalidToken('algorithm'),
    {
      'alg twice, the second none': header(last('"alg":"none"')),
      'alg twice, the second HS256': header(last('"alg":"HS256"')),
      'alg twice, the second none with its name escaped': header(
        last(String.raw`"al\u0067":"none"`),
      ),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'of two exp, the last counts: the token is rejected',
    invalidToken('expired'),
    {
      'exp twice, the second in the past': payload(last('"exp":1')),
      'exp twice, the second in the past with its name escaped': payload(
        last(String.raw`"e\u0078p":1`),
      ),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'of two aud, the last counts: the token is rejected',
    invalidToken('audience'),
    {
      'aud twice, the second another resource': payload(last('"aud":"https://other.example.com"')),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'of two iss, the last counts: the token is rejected',
    invalidToken('issuer'),
    {
      'iss twice, the second another issuer': payload(last('"iss":"https://other.example.com"')),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'of two scope claims, the last counts: the scope is not granted',
    insufficientScope(),
    {
      'scope twice, the second empty': payload(last('"scope":""')),
    },
  ),
  ...tokens(
    'RFC 7515, section 4; RFC 7519, section 4',
    'of two members with one name, the first has no effect; neither has a member in another case',
    asAlice,
    {
      'alg twice, the first none': header(first('"alg":"none"')),
      'sub twice, the first another subject': payload(first('"sub":"root"')),
      'scope twice, the first with more scopes': payload(
        first('"scope":"admin read:notes write:notes"'),
      ),
      'claims a second time with their names in another case': payload(
        last('"SUB":"root","Scope":"admin","EXP":1,"Aud":[]'),
      ),
    },
  ),
];

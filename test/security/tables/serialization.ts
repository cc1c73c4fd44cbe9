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
/** Adds members before the genuine ones, or after them. */
const first = (members: string) => (json: string) => json.replace('{', `{${members},`);
const last = (members: string) => (json: string) => json.replace(/\}$/, `,${members}}`);

/** The last character of a signature holds two bits of it; the other four are to be zero. */
const withTrailingBits = ({ victim }: Laboratory) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const next = alphabet.charAt(alphabet.indexOf(victim.at(-1) ?? '') + 1);
  return victim.slice(0, -1) + next;
};

export const serialization: Attack[] = [
  ...tokens(
    'RFC 7519, section 3; RFC 7515, section 3.1',
    'a JWT is a JWS of three segments',
    invalidToken('malformed'),
    {
      'no segment but text': () => 'abc',
      'a number': () => '0',
      'header only': (lab) => parts(lab)[0],
      'header and payload': (lab) => parts(lab).slice(0, 2).join('.'),
      'a segment more': (lab) => `${lab.victim}.${parts(lab)[2]}`,
      'a dot more': (lab) => `${lab.victim}.`,
      'a dot before': (lab) => `.${lab.victim}`,
      'dots only': () => '..',
      'a dot': () => '.',
      'header left out': (lab) => `.${parts(lab).slice(1).join('.')}`,
      'payload left out (detached)': (lab) => `${parts(lab)[0]}..${parts(lab)[2]}`,
      'payload left out, signed as such': payload(() => ''),
      'five segments that claim to be signed': (lab) => `${parts(lab)[0]}....`,
      'a token around a token (nested JWT)': (lab) =>
        lab.forge({ header: { cty: 'JWT' }, payloadText: () => lab.victim }),
      'the JSON serialization, encoded': (lab) => segment(json(parts(lab))),
      'the general JSON serialization, encoded': (lab) =>
        segment({ signatures: [json(parts(lab))], payload: parts(lab)[1] }),
      'an SD-JWT': (lab) => `${lab.victim}~WyJzYWx0Iiwic2NvcGUiLCJhZG1pbiJd~`,
      'the token twice': (lab) => lab.victim + lab.victim,
      'the token after a letter': (lab) => `A${lab.victim}`,
      'the payload before the header': (lab) => {
        const [head, body, signature] = parts(lab);
        return `${body}.${head}.${signature}`;
      },
      'the token percent-decoded once too often': (lab) => lab.victim.replaceAll('.', '+'),
    },
  ),
  ...tokens(
    'RFC 7519, section 7.2; RFC 8725, section 3.1',
    'an encrypted token is not one that the resource accepts',
    invalidToken('malformed'),
    {
      'JWE by a shared key': () => `${segment({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`,
      'JWE by the public key': () =>
        `${segment({ alg: 'ECDH-ES', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`,
      'JWE by a password with a million rounds': () =>
        `${segment({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 1_000_000_000, p2s: 'AAAA' })}.AAAA.AAAA.AAAA.AAAA`,
      'JWE that is compressed': () =>
        `${segment({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..AAAA.AAAA.AAAA`,
    },
  ),
  ...tokens(
    'RFC 7515, section 2 and 5.2; RFC 4648, section 3',
    'base64url has one alphabet, no padding and no line ends',
    invalidToken('malformed'),
    {
      'padding of one': (lab) => `${lab.victim}=`,
      'padding of two, as base64 would have it': (lab) => `${lab.victim}==`,
      'padding of three': (lab) => `${lab.victim}===`,
      'bits after the end of the signature': withTrailingBits,
      'a signature of a single character': (lab) => `${parts(lab).slice(0, 2).join('.')}.A`,
      'a signature in the alphabet of base64': (lab) =>
        `${parts(lab).slice(0, 2).join('.')}.${'+/'.repeat(43)}`,
      'a header in the alphabet of base64': { headerText: (text) => `${text}\u00ff\u00fe` },
    },
  ),
  ...tokens(
    'RFC 6750, section 2.1; RFC 7515, section 2',
    'a token consists of the characters of a token',
    unreadable('characters'),
    {
      'the JSON serialization': (lab) => JSON.stringify(json(parts(lab))),
      'padding within': (lab) => lab.victim.replace('.', '=.'),
      'a space within': (lab) => lab.victim.replace('.', ' .'),
      'percent-encoded dots': (lab) => lab.victim.replaceAll('.', '%2E'),
      'quotes around': (lab) => `"${lab.victim}"`,
      'angle brackets around': (lab) => `<${lab.victim}>`,
      'a null byte, escaped': (lab) => `${lab.victim}\\u0000`,
      'a parameter after': (lab) => `${lab.victim};scope=admin`,
      'a parameter after a comma': (lab) => `${lab.victim}, scope="admin"`,
    },
  ),
  ...tokens(
    'RFC 7519, section 7.2; RFC 8259',
    'header and payload are JSON objects in UTF-8',
    invalidToken('malformed'),
    {
      'a header that is not JSON': header(() => 'header'),
      'a header that is an array': header((text) => `[${text}]`),
      'a header that is null': header(() => 'null'),
      'a header of nothing': header(() => ''),
      'a header with a comma too many': header((text) => text.replace(/\}$/, ',}')),
      'a header with a comment': header((text) => `/**/${text}`),
      'a header in invalid UTF-8': header((text) =>
        Buffer.concat([
          Buffer.from(text.replace(/\}$/, ',"x":"')),
          Buffer.from([0xff]),
          Buffer.from('"}'),
        ]),
      ),
      'a header in UTF-16': header((text) => Buffer.from(text, 'utf16le')),
      'a header of brackets without end': header(() => '['.repeat(5000)),
      'a payload that is not JSON': payload(() => 'payload'),
      'a payload that is an array': payload((text) => `[${text}]`),
      'a payload that is a string': payload((text) => JSON.stringify(text)),
      'a payload that is null': payload(() => 'null'),
      'a payload that is a number': payload(() => '1'),
      'a payload with text after it': payload((text) => `${text} ${text}`),
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
      'a payload of brackets without end': payload(() => '{"a":'.repeat(1500)),
    },
  ),
  ...tokens(
    'RFC 7515, section 4',
    'of a member of the header given twice the last counts, for every check',
    invalidToken('algorithm'),
    {
      'alg twice, none at last': header(last('"alg":"none"')),
      'alg twice, HS256 at last': header(last('"alg":"HS256"')),
      'alg twice, once escaped': header(last(String.raw`"al\u0067":"none"`)),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'of an exp given twice the last counts',
    invalidToken('expired'),
    {
      'exp twice, in the past at last': payload(last('"exp":1')),
      'exp twice, once escaped': payload(last(String.raw`"e\u0078p":1`)),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'of an aud given twice the last counts',
    invalidToken('audience'),
    {
      'aud twice, another at last': payload(last('"aud":"https://other.example.com"')),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'of an iss given twice the last counts',
    invalidToken('issuer'),
    {
      'iss twice, another at last': payload(last('"iss":"https://other.example.com"')),
    },
  ),
  ...tokens('RFC 7519, section 4', 'of a scope given twice the last counts', insufficientScope(), {
    'scope twice, none at last': payload(last('"scope":""')),
  }),
  ...tokens(
    'RFC 7515, section 4; RFC 7519, section 4',
    'what is told first and then otherwise has no effect',
    asAlice,
    {
      'alg twice, none at first': header(first('"alg":"none"')),
      'sub twice, another at first': payload(first('"sub":"root"')),
      'scope twice, more at first': payload(first('"scope":"admin read:notes write:notes"')),
      'members in another case': payload(last('"SUB":"root","Scope":"admin","EXP":1,"Aud":[]')),
    },
  ),
];

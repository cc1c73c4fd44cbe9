import { parseUrl } from '../url/parse-url.js';
import { shown } from './challenge.js';
import { ok, problem, warning, type Finding } from './finding.js';

const CHECK = 'resource';

/** The parts in which two URLs can differ, each with the usual causes. */
const DIFFERENCES: readonly (readonly [
  part: 'protocol' | 'hostname' | 'port' | 'pathname',
  why: string,
])[] = [
  ['protocol', 'The scheme differs: a proxy ends TLS, and the server names its own URL.'],
  ['hostname', 'The host differs: a proxy has another name, or localhost stands for 127.0.0.1.'],
  ['port', 'The port differs: a proxy or a container maps it.'],
  [
    'pathname',
    'The path differs: a proxy adds or removes a prefix, or the server is configured with another path.',
  ],
];

/**
 * Checks that the metadata is about the URL that was asked. Clients must not use the metadata of another resource
 * (RFC 9728, section 3.3). Clients of the MCP SDK also accept the identifier of a path above that URL.
 */
export function resourceIdentifier(asked: string, resource: unknown): Finding {
  const remedy = `Let the metadata name the URL that clients are given ("resource": ${shown(asked)}), or give clients the URL in the metadata.`;
  if (typeof resource !== 'string') {
    return problem(CHECK, 'The metadata has no "resource".', remedy);
  }
  const [url, identifier] = [new URL(asked), parseUrl(resource)];
  if (identifier === undefined) {
    return problem(CHECK, `"resource" is not a URL: ${shown(resource)}.`, remedy);
  }
  if (resource === asked || url.href === identifier.href) {
    return ok(CHECK, '"resource" is the URL that was asked.');
  }
  const seen = `"resource" is ${shown(resource)}, not ${shown(asked)}.`;
  return isBelow(url, identifier)
    ? warning(CHECK, `${seen} Strict clients refuse it (RFC 9728, section 3.3).`, remedy)
    : problem(CHECK, `${seen} ${difference(url, identifier)}`, remedy);
}

function isBelow(url: URL, { origin, pathname }: URL): boolean {
  return url.origin === origin && `${url.pathname}/`.startsWith(pathname.replace(/\/?$/, '/'));
}

function difference(asked: URL, identifier: URL): string {
  if (
    asked.pathname.replace(/\/$/, '') === identifier.pathname.replace(/\/$/, '') &&
    asked.origin === identifier.origin
  ) {
    return 'Only a slash at the end or the query differs.';
  }
  return DIFFERENCES.filter(([part]) => asked[part] !== identifier[part])
    .map(([, why]) => why)
    .join(' ');
}

import { isJsonObject } from '../token/json-object.js';
import { secureUrlProblem } from '../url/secure-url.js';
import { insertWellKnown } from '../url/well-known-url.js';
import type { Answer, Asker } from './ask.js';
import { attempt } from './attempt.js';
import { shown } from './challenge.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';

const SUFFIX = 'oauth-protected-resource';

/** A metadata document of a protected resource, and where it was found (RFC 9728). */
export interface FoundDocument {
  readonly url: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** The document that MCP clients use, if there is one, and the findings about where it is. */
export interface FoundMetadata {
  readonly findings: readonly Finding[];
  readonly document?: FoundDocument | undefined;
}

/**
 * Finds the metadata as MCP clients do: at the URL in the challenge, else at the well-known URL with the path,
 * else at the well-known URL without the path. It looks at all three URLs.
 *
 * @param challenge - the parameters of the challenge, if there is one
 */
export async function findMetadata(
  asker: Asker,
  challenge: ReadonlyMap<string, string> | undefined,
): Promise<FoundMetadata> {
  const withPath = insertWellKnown(withoutQuery(asker.named), SUFFIX);
  const atRoot = new URL(`/.well-known/${SUFFIX}`, asker.named).href;
  const search = new Search(asker);
  const findings = [
    ...(await search.inChallenge(challenge)),
    ...(await search.wellKnown('metadata_well_known', withPath)),
    ...(atRoot === withPath ? [] : await search.wellKnown('metadata_root', atRoot)),
  ];
  return { findings, document: search.document };
}

/** The search for the metadata of one server. Clients use the first document that is found. */
class Search {
  document: FoundDocument | undefined;
  private readonly asked = new Map<string, FoundDocument | string>();

  constructor(private readonly asker: Asker) {}

  async inChallenge(
    challenge: ReadonlyMap<string, string> | undefined,
  ): Promise<readonly Finding[]> {
    const check = 'metadata_in_challenge';
    if (challenge === undefined) {
      return [skipped(check, 'There is no challenge.')];
    }
    const named = challenge.get('resource_metadata');
    if (named === undefined) {
      return [
        warning(
          check,
          'The challenge has no resource_metadata. Clients have to guess where the metadata is.',
          'Send resource_metadata="…" with the URL of the metadata (RFC 9728, section 5.1).',
        ),
      ];
    }
    // A URL that is not secure is a finding of another check.
    const wrong = secureUrlProblem(named, true);
    const found =
      wrong === undefined ? await this.find(named) : `resource_metadata ${wrong}: ${shown(named)}`;
    return [
      typeof found === 'string'
        ? problem(check, `${found}.`, 'Serve the metadata at this URL, also through the proxy.')
        : ok(check, `The metadata is at ${named}, as the challenge says.`),
    ];
  }

  /** Looks for a well-known document. It is needed only if no other document was found before. */
  async wellKnown(check: string, url: string): Promise<readonly Finding[]> {
    const before = this.document;
    const found = await this.find(url);
    if (typeof found !== 'string') {
      return [sameAs(before, found, check)];
    }
    if (check === 'metadata_root') {
      return [skipped(check, `${found}. It is not needed.`)];
    }
    const remedy =
      'Route /.well-known/oauth-protected-resource to the MCP server, with the path behind it.';
    return [(before ? warning : problem)(check, `${found}.`, remedy)];
  }

  private async find(url: string): Promise<FoundDocument | string> {
    const found = this.asked.get(url) ?? (await this.fetch(url));
    this.asked.set(url, found);
    if (typeof found !== 'string') {
      this.document ??= found;
    }
    return found;
  }

  private async fetch(url: string): Promise<FoundDocument | string> {
    let answer: Answer | undefined;
    const [failure] = await attempt('', async () => {
      answer = await this.asker.fetch(url);
      return [];
    });
    return answer === undefined ? (failure?.description ?? '').replace(/\.$/, '') : read(answer);
  }
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** Returns the document in an answer, or the reason why there is no document. */
function read({ url, status, headers, text }: Answer): FoundDocument | string {
  if (status !== 200) {
    const target = headers.location === undefined ? '' : `, a redirect to ${headers.location}`;
    return `${url} answered ${status}${target}`;
  }
  if (text === undefined) {
    return `${url} answered more than 1 MiB, or compressed`;
  }
  const members = parse(text);
  if (!isJsonObject(members)) {
    return `${url} answered something that is not a JSON object`;
  }
  return { url, members };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sameAs(before: FoundDocument | undefined, found: FoundDocument, check: string): Finding {
  const members = ['resource', 'authorization_servers'];
  const other = before && members.find((name) => textOf(before, name) !== textOf(found, name));
  return other === undefined
    ? ok(check, `The metadata is at ${found.url}.`)
    : warning(
        check,
        `${found.url} is another document than ${before?.url}: "${other}" differs.`,
        'Serve the same document at both URLs.',
      );
}

function textOf({ members }: FoundDocument, name: string): string | undefined {
  return JSON.stringify(members[name]);
}

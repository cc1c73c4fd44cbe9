import type { ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { Page } from '../../docs/support/page.js';
import type { Issuer } from '../issuer.js';
import type { Provider } from './provider.js';

interface Metadata {
  issuer: string;
  jwks_uri: string;
  [field: string]: unknown;
}

interface Example extends Pick<Provider, 'accepted' | 'refused'> {
  heading: string;
  /** The issuer of the example, if it is not the issuer of the provider. */
  issuer?: string;
}

/** A provider whose page is tested unchanged. The test imports its examples, which name the real provider. */
export interface PageProvider extends Pick<Provider, 'name' | 'issuer' | 'algorithm' | 'header'> {
  /** The name of the page in docs/providers. */
  page: string;
  /** The metadata documents that the provider publishes, by their URLs. */
  documents: Record<string, Metadata>;
  /** The URL at which opaque tokens are introspected, if an example does so. */
  introspectionEndpoint?: string;
  /** The examples, one for each `ts` block of the page. */
  examples: Example[];
}

/** Imports the examples of a page. Throws an error if an example is left out, so that all examples are tested. */
export async function providersOn({
  page: file,
  documents,
  introspectionEndpoint,
  examples,
  name,
  ...provider
}: PageProvider): Promise<Provider[]> {
  process.env.INTROSPECTION_TOKEN = 'a-token-for-introspection';
  process.env.INTROSPECTION_SECRET = 'a-secret-for-introspection';
  const page = await Page.open(`docs/providers/${file}`);
  const providers: Provider[] = [];
  for (const { heading, ...tokens } of examples) {
    const nth = providers.filter((each) => each.name === `${name}, "${heading}"`).length + 1;
    const { notes } = await page.run<{ notes: ProtectedResourceOptions }>(heading, nth);
    providers.push({
      ...provider,
      ...tokens,
      name: `${name}, "${heading}"`,
      options: () => notes,
      answers: (keys, opaque) => answersOf(documents, introspectionEndpoint, keys, opaque),
    });
  }
  if (page.notRun.length > 0) {
    throw new Error(`docs/providers/${file} has untested examples: ${page.notRun.join(', ')}`);
  }
  return providers;
}

/** Returns a `fetch` that answers as the provider does, with its metadata, its keys and the claims of opaque tokens. */
function answersOf(
  documents: Record<string, Metadata>,
  introspectionEndpoint: string | undefined,
  keys: Issuer,
  opaque: ReadonlyMap<string, object>,
): typeof fetch {
  const published = Object.values(documents);
  return async (input: unknown, init) => {
    const url = String(input);
    if (documents[url] !== undefined) {
      return Response.json(documents[url]);
    }
    if (published.some(({ jwks_uri }) => jwks_uri === url)) {
      return Response.json({ keys: [await keys.publicJwk()] });
    }
    if (url === introspectionEndpoint) {
      const token = new URLSearchParams(init?.body as string).get('token') ?? '';
      return Response.json(opaque.get(token) ?? { active: false });
    }
    return new Response(null, { status: 404 });
  };
}

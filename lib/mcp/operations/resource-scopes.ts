import type { Effort } from './effort.js';
import type { OperationScopes } from '../mcp-endpoint.options.js';
import { foldText, type FoldedText } from './text-pattern.js';
import { uriForms, UriTemplate } from './uri-template.js';

/** The longest URI that is normalized. A longer one needs the scopes of all resources. */
const MAX_URI_LENGTH = 8192;

/** The effort to normalize one URI, and one character of it. */
const NORMALIZING = 500;
const NORMALIZING_CHARACTER = 10;

/** The forms of a URI that a server may look up. Each form is also folded, for the comparison with templates. */
export interface UriForms {
  readonly forms: readonly { readonly uri: string; readonly folded: FoldedText }[];
  /** `true` if the URI was not read. The URI then needs the scopes of all resources. */
  readonly isAnything: boolean;
}

/** Reads a URI once, for all URIs and URI templates of an endpoint. */
export function readUri(uri: string, effort: Effort): UriForms {
  const isAnything =
    uri.length > MAX_URI_LENGTH || !effort.spend(NORMALIZING + NORMALIZING_CHARACTER * uri.length);
  const forms = isAnything ? [] : uriForms(uri);
  return { forms: forms.map((form) => ({ uri: form, folded: foldText(form) })), isAnything };
}

/** The scopes of the resources that `@McpEndpoint()` names, with compiled URI templates. */
export class ResourceScopes {
  private readonly named: ReadonlyMap<string, OperationScopes>;
  private readonly templates: readonly { template: UriTemplate; scopes: OperationScopes }[];
  private readonly all: readonly OperationScopes[];

  constructor(resources: Readonly<Record<string, OperationScopes>>) {
    const entries = Object.entries(resources);
    const isTemplate = ([uri]: [string, unknown]) => uri.includes('{');
    this.templates = entries
      .filter(isTemplate)
      .map(([template, scopes]) => ({ template: new UriTemplate(template), scopes }));
    this.named = new Map(
      entries
        .filter((entry) => !isTemplate(entry))
        .flatMap(([uri, scopes]) => uriForms(uri).map((form) => [form, scopes] as const)),
    );
    this.all = [...new Set(entries.map(([, scopes]) => scopes))];
  }

  /**
   * Returns the scopes of the resource with this URI. If no resource has this URI, returns the scopes of all templates
   * that match.
   */
  scopesOf({ forms, isAnything }: UriForms, effort: Effort): readonly OperationScopes[] {
    if (isAnything) {
      return this.all;
    }
    const named = forms.map(({ uri }) => this.named.get(uri));
    const known = named.filter((scopes) => scopes !== undefined);
    return known.length > 0 ? known : this.scopesOfTemplates(forms, effort);
  }

  /** Returns the scopes of all templates that match. Scopes that templates share are listed once. */
  private scopesOfTemplates(forms: UriForms['forms'], effort: Effort): OperationScopes[] {
    const found = new Set<OperationScopes>();
    for (const { template, scopes } of this.templates) {
      if (
        !found.has(scopes) &&
        forms.some(({ uri, folded }) => template.matches(uri, folded, effort))
      ) {
        found.add(scopes);
      }
    }
    return [...found];
  }
}

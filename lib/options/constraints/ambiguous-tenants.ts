import { parseUrl } from '../../url/parse-url.js';
import { collision, tenantIn } from '../../url/template-collision.js';
import { isTemplate } from '../../url/tenant-template.js';
import { issuerOf } from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { sharedAudienceProblem, type TenantsOwner } from './tenants.js';

/** A text that tells resources or tenants apart, and the tenants that it may be written for. */
interface Written {
  readonly text: string;
  /** Nothing where there are no tenants; `'any'` where a function decides. */
  readonly tenants: readonly unknown[] | 'any' | undefined;
}

/**
 * Names two audiences, or two issuers, of which one can be read as the other for another tenant. A token
 * would be let in at both. Two templates must differ for whatever names tenants may have: a start must not
 * fail because a tenant was added.
 */
export function ambiguousTenantsProblem(all: readonly TenantsOwner[]): string | undefined {
  // An audience that all tenants share is reported where it stands.
  const owners = all.filter((owner) => sharedAudienceProblem(owner) === undefined);
  const templates = owners.flatMap(issuersOf).filter(({ text }) => isTemplate(text));
  return (
    ambiguityAmong('audiences', owners.flatMap(audiencesOf)) ??
    ambiguityAmong('issuers', templates) ??
    // Another resource may trust the issuer of one tenant; it has an audience of its own.
    owners.map((owner) => ambiguityAmong('issuers', issuersOf(owner))).find(Boolean)
  );
}

function ambiguityAmong(kind: string, all: readonly Written[]): string | undefined {
  const templates = all.filter(({ text, tenants }) => tenants !== undefined && isTemplate(text));
  for (const template of templates) {
    for (const other of all) {
      const found = templates.includes(other)
        ? betweenTemplates(template.text, other.text)
        : withPlain(template, other.text);
      if (found !== undefined) {
        return `holds the ${kind} "${template.text}" and "${other.text}": ${found}; write them so that no name of a tenant can make them equal, such as with different beginnings`;
      }
    }
  }
  return undefined;
}

function betweenTemplates(one: string, other: string): string | undefined {
  const { text, tenants } = collision(one, other) ?? {};
  return (
    tenants &&
    `"${text ?? ''}" is the first one for the tenant "${tenants[0]}" and the second one for "${tenants[1]}"`
  );
}

function withPlain({ text, tenants }: Written, other: string): string | undefined {
  const tenant = tenantIn(text, other);
  const mayBe = tenant !== undefined && (tenants === 'any' || tenants?.includes(tenant));
  return mayBe ? `the second one is the first one for the tenant "${tenant}"` : undefined;
}

function audiencesOf(owner: TenantsOwner): Written[] {
  const { metadata, audience = identifiersOf(metadata?.resource) } = owner;
  return written(owner, owner.dangerouslySkipAudienceCheck === true ? [] : [audience].flat());
}

/** An origin is accepted with and without its slash. */
function identifiersOf(resource: unknown): unknown[] {
  const isOrigin = typeof resource === 'string' && parseUrl(resource)?.pathname === '/';
  return isOrigin
    ? [resource, resource.replace(/\/?$/, '/'), resource.replace(/\/$/, '')]
    : [resource];
}

function issuersOf(owner: TenantsOwner): Written[] {
  return written(owner, namedServers(owner.metadata?.authorizationServers ?? []).map(issuerOf));
}

function written({ metadata, tenants }: TenantsOwner, texts: readonly unknown[]): Written[] {
  const names = Array.isArray(tenants) ? (tenants as unknown[]) : 'any';
  return texts
    .filter((text) => typeof text === 'string')
    .map((text) => ({ text, tenants: isTemplate(metadata?.resource) ? names : undefined }));
}

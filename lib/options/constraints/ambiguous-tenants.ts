import { parseUrl } from '../../url/parse-url.js';
import { findCollision, tenantIn } from '../../url/template-collision.js';
import { isTemplate } from '../../url/tenant-template.js';
import { tokenIssuersOf } from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { ownIssuersOf, sharedAudienceProblem, type TenantsOwner } from './tenants.js';

/** An audience or an issuer, which may contain `{tenant}`, and the tenants whose names can be filled in. */
interface Identifier {
  readonly text: string;
  /** The names of the tenants. `'any'` if they are not listed, `undefined` if the resource has no tenants. */
  readonly tenants: readonly unknown[] | 'any' | undefined;
}

/**
 * Finds two audiences, or two issuers, of which one can equal the other for some tenant. A token for one
 * tenant or resource would then be accepted for another as well. Two templates must differ for all possible
 * tenant names, not only for the present ones, so that adding a tenant cannot make the start fail. A template
 * and a plain text must differ for the listed tenants, or for all possible names if the tenants are not
 * listed.
 */
export function ambiguousTenantsProblem(all: readonly TenantsOwner[]): string | undefined {
  // An audience that all tenants share is reported by its own constraint.
  const owners = all.filter((owner) => sharedAudienceProblem(owner) === undefined);
  const templates = owners.flatMap(issuersOf).filter(({ text }) => isTemplate(text));
  return (
    ambiguityAmong('audiences', owners.flatMap(audiencesOf)) ??
    ambiguityAmong('issuers', templates) ??
    // Compares plain issuers with templates only within one resource. Another resource may trust a tenant's
    // issuer, since it has its own audience.
    owners.map((owner) => ambiguityAmong('issuers', issuersOf(owner))).find(Boolean)
  );
}

function ambiguityAmong(kind: string, all: readonly Identifier[]): string | undefined {
  const templates = all.filter(({ text, tenants }) => tenants !== undefined && isTemplate(text));
  for (const template of templates) {
    for (const other of all) {
      const found = templates.includes(other)
        ? betweenTemplates(template.text, other.text)
        : withPlain(template, other.text);
      if (found !== undefined) {
        return `contains the ${kind} "${template.text}" and "${other.text}": ${found}; change them so that no tenant name can make them equal, for example let them begin differently`;
      }
    }
  }
  return undefined;
}

function betweenTemplates(one: string, other: string): string | undefined {
  const { text, tenants } = findCollision(one, other) ?? {};
  return (
    tenants &&
    `both can be "${text ?? ''}", the first for the tenant "${tenants[0]}" and the second for "${tenants[1]}"`
  );
}

function withPlain({ text, tenants }: Identifier, other: string): string | undefined {
  const tenant = tenantIn(text, other);
  const mayBe = tenant !== undefined && (tenants === 'any' || tenants?.includes(tenant));
  return mayBe ? `the first equals the second for the tenant "${tenant}"` : undefined;
}

function audiencesOf(owner: TenantsOwner): Identifier[] {
  const { metadata, audience = identifiersOf(metadata?.resource) } = owner;
  return withTenants(owner, owner.dangerouslySkipAudienceCheck === true ? [] : [audience].flat());
}

/** Returns the accepted audiences: an origin is accepted with and without a trailing slash. */
function identifiersOf(resource: unknown): unknown[] {
  const isOrigin = typeof resource === 'string' && parseUrl(resource)?.pathname === '/';
  return isOrigin
    ? [resource, resource.replace(/\/?$/, '/'), resource.replace(/\/$/, '')]
    : [resource];
}

function issuersOf(owner: TenantsOwner): Identifier[] {
  const servers = namedServers(owner.metadata?.authorizationServers ?? []);
  return withTenants(owner, [...servers.flatMap(tokenIssuersOf), ...ownIssuersOf(owner)]);
}

function withTenants({ metadata, tenants }: TenantsOwner, texts: readonly unknown[]): Identifier[] {
  const names = Array.isArray(tenants) ? (tenants as unknown[]) : 'any';
  return texts
    .filter((text) => typeof text === 'string')
    .map((text) => ({ text, tenants: isTemplate(metadata?.resource) ? names : undefined }));
}

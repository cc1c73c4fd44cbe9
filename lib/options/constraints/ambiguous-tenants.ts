import { parseUrl } from '../../url/parse-url.js';
import { findCollision, tenantIn } from '../../url/template-collision.js';
import { isTemplate } from '../../url/tenant-template.js';
import { issuerOf } from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { sharedAudienceProblem, type TenantsOwner } from './tenants.js';

/** An audience or an issuer, which may contain `{tenant}`, and the tenants whose names can be filled in. */
interface Template {
  readonly text: string;
  /** The names of the tenants. `'any'` if a function looks them up, `undefined` if there are none. */
  readonly tenants: readonly unknown[] | 'any' | undefined;
}

/**
 * Finds two audiences, or two issuers, of which one can equal the other for some tenant. A token would
 * then be accepted at both. Two templates must differ for all possible tenant names, so that adding a
 * tenant cannot make the start fail.
 */
export function ambiguousTenantsProblem(all: readonly TenantsOwner[]): string | undefined {
  // An audience that all tenants share is reported by its own constraint.
  const owners = all.filter((owner) => sharedAudienceProblem(owner) === undefined);
  const templates = owners.flatMap(issuersOf).filter(({ text }) => isTemplate(text));
  return (
    ambiguityAmong('audiences', owners.flatMap(audiencesOf)) ??
    ambiguityAmong('issuers', templates) ??
    // Only within one resource: another one may trust the issuer of a tenant, since it has its own audience.
    owners.map((owner) => ambiguityAmong('issuers', issuersOf(owner))).find(Boolean)
  );
}

function ambiguityAmong(kind: string, all: readonly Template[]): string | undefined {
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

function withPlain({ text, tenants }: Template, other: string): string | undefined {
  const tenant = tenantIn(text, other);
  const mayBe = tenant !== undefined && (tenants === 'any' || tenants?.includes(tenant));
  return mayBe ? `the first equals the second for the tenant "${tenant}"` : undefined;
}

function audiencesOf(owner: TenantsOwner): Template[] {
  const { metadata, audience = identifiersOf(metadata?.resource) } = owner;
  return templatesOf(owner, owner.dangerouslySkipAudienceCheck === true ? [] : [audience].flat());
}

/** Returns the accepted audiences: an origin is accepted with and without a trailing slash. */
function identifiersOf(resource: unknown): unknown[] {
  const isOrigin = typeof resource === 'string' && parseUrl(resource)?.pathname === '/';
  return isOrigin
    ? [resource, resource.replace(/\/?$/, '/'), resource.replace(/\/$/, '')]
    : [resource];
}

function issuersOf(owner: TenantsOwner): Template[] {
  return templatesOf(owner, namedServers(owner.metadata?.authorizationServers ?? []).map(issuerOf));
}

function templatesOf({ metadata, tenants }: TenantsOwner, texts: readonly unknown[]): Template[] {
  const names = Array.isArray(tenants) ? (tenants as unknown[]) : 'any';
  return texts
    .filter((text) => typeof text === 'string')
    .map((text) => ({ text, tenants: isTemplate(metadata?.resource) ? names : undefined }));
}

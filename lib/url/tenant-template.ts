/** The placeholder for the name of a tenant in a URL or a path. */
export const TENANT = '{tenant}';

/** Matches 1 to 100 characters, not only dots. Every router accepts a parameter of this length. */
const NAME = /^(?!\.+$)[A-Za-z0-9._~-]{1,100}$/;
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/** Returns `true` if a text contains the placeholder. */
export function isTemplate(text: unknown): text is string {
  return typeof text === 'string' && text.includes(TENANT);
}

/**
 * Returns `true` if a text can be the name of a tenant: 1 to 100 unreserved characters, and not only dots.
 * Unreserved characters have only one normal spelling in a path (RFC 3986, section 2.3). Case is significant.
 */
export function isTenantName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text);
}

/** Returns the text for one tenant. */
export function forTenant(template: string, tenant: string): string {
  return template.replaceAll(TENANT, () => tenant);
}

/** Returns the path of a URL in the form that requests have. Only the placeholder is not percent-encoded. */
export function templatePath(url: string): string {
  return new URL(url).pathname.replace(encodeURI(TENANT), () => TENANT);
}

/** Returns `true` if some path matches both templates, as routers compare them. */
export function overlap(one: string, other: string): boolean {
  const [segments, others] = [one, other].map((path) => path.toLowerCase().split('/'));
  return (
    segments?.length === others?.length &&
    segments?.every(
      (segment, index) =>
        [segment, others?.[index]].includes(TENANT) || segment === others?.[index],
    ) === true
  );
}

/**
 * Reads the tenant from paths. A path names no tenant if it has dot segments, or if it spells the part that the
 * template covers differently, such as with percent-encoding.
 */
export class TenantPath {
  private readonly segments: readonly string[];

  constructor(template: string) {
    this.segments = template.split('/');
  }

  /** Returns the tenant in a path that equals the template or continues it. */
  tenantAtOrBelow(path: string): string | undefined {
    const segments = path.split('/');
    const tenant = segments[this.segments.indexOf(TENANT)];
    const matches = this.segments.every(
      (segment, index) => segment === TENANT || segment === segments[index],
    );
    return matches && isTenantName(tenant) && !DOT_SEGMENT.test(path) ? tenant : undefined;
  }

  /** Returns the tenant in a path that equals the template. */
  tenantAt(path: string): string | undefined {
    return path.split('/').length === this.segments.length ? this.tenantAtOrBelow(path) : undefined;
  }
}

/** Returns the path of a request's target (RFC 9112, section 3.2.1). */
export function pathOf(target: string): string {
  return target.replace(/[?#].*$/s, '');
}

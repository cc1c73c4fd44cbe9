/** Where the name of a tenant stands in a URL or a path. */
export const TENANT = '{tenant}';

/** No more characters than every router takes for one parameter, and not dots alone. */
const NAME = /^(?!\.+$)[A-Za-z0-9._~-]{1,100}$/;
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/** Whether a text, such as a URL, is one for each tenant. */
export function isTemplate(text: unknown): text is string {
  return typeof text === 'string' && text.includes(TENANT);
}

/**
 * Whether a text names a tenant: what may stand in a path in only one way (RFC 3986, section 2.3), of at
 * most 100 characters, not dots alone, case counting.
 */
export function isTenantName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text);
}

/** The text for one tenant. */
export function forTenant(template: string, tenant: string): string {
  return template.replaceAll(TENANT, () => tenant);
}

/** The path of a URL, as requests have it, but for the place of the tenant. */
export function templatePath(url: string): string {
  return new URL(url).pathname.replace(encodeURI(TENANT), () => TENANT);
}

/** Whether some path is of both, as routers compare them. */
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

/** Reads the tenant from paths. What is spelled in another way than it would be written names none. */
export class TenantPath {
  private readonly segments: readonly string[];

  constructor(template: string) {
    this.segments = template.split('/');
  }

  /** The tenant in a path that is the template's, or goes on from there. */
  within(path: string): string | undefined {
    const segments = path.split('/');
    const tenant = segments[this.segments.indexOf(TENANT)];
    const isOurs = this.segments.every(
      (segment, index) => segment === TENANT || segment === segments[index],
    );
    return isOurs && isTenantName(tenant) && !DOT_SEGMENT.test(path) ? tenant : undefined;
  }

  /** The tenant in a path that is the template's, and no more. */
  in(path: string): string | undefined {
    return path.split('/').length === this.segments.length ? this.within(path) : undefined;
  }
}

/** The path of a request's target (RFC 9112, section 3.2.1). */
export function pathOf(target: string): string {
  return target.replace(/[?#].*$/s, '');
}

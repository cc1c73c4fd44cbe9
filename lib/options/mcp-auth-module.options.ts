import { IsOptional } from 'class-validator';
import type { Plain } from './plain.js';
import {
  ProtectedResourceSettings,
  type ProtectedResourceOptions,
} from './protected-resource.options.js';
import { Checked } from './validation/checked.js';
import { Nested } from './validation/nested.js';
import { oneOf, positiveNumber } from './validation/problems.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';

/** When the metadata of the authorization servers is fetched. */
export type DiscoveryMode = 'on-demand' | 'eager';

/** The options of {@link McpAuthModule}. */
export type McpAuthModuleOptions = Plain<McpAuthModuleSettings>;

/** The class that {@link McpAuthModuleOptions} are validated as; validated, the injection token of the options. */
export class McpAuthModuleSettings {
  /** The protected resource that this application is, or all of them. */
  @Nested(() => ProtectedResourceSettings)
  @Checked('protectedResources', protectedResourcesProblem)
  protectedResources!: ProtectedResourceOptions | ProtectedResourceOptions[];

  /**
   * `'on-demand'`: with the first token of an authorization server. `'eager'`: at start-up; the
   * application does not start without.
   *
   * @defaultValue `'on-demand'`
   */
  @IsOptional()
  @Checked('discovery', oneOf('on-demand', 'eager'))
  discovery?: DiscoveryMode;

  /**
   * How many milliseconds an authorization server has to answer a request for its metadata or its
   * JWK Set, the whole answer included.
   *
   * @defaultValue 5000
   */
  @IsOptional()
  @Checked('fetchTimeout', positiveNumber)
  fetchTimeout?: number;
}

function protectedResourcesProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return 'must be a protected resource or an array of them';
  }
  const resources = [value].flat() as (Partial<ProtectedResourceOptions> | null)[];
  if (resources.length === 0) {
    return 'must hold at least one protected resource';
  }
  return duplicateProblem(resources.map((resource) => resource?.metadata?.resource));
}

function duplicateProblem(given: unknown[]): string | undefined {
  const resources = given.filter(
    (resource) => typeof resource === 'string' && URL.canParse(resource),
  );
  const identifiers = (resources as string[]).map(withoutTrailingSlash);
  const twice = identifiers.find((identifier, index) => identifiers.indexOf(identifier) !== index);
  if (twice !== undefined) {
    return `names the resource "${twice}" twice; remove one of the two`;
  }
  const paths = identifiers.map((identifier) => new URL(identifier).pathname);
  const clash = paths.findIndex((path, index) => paths.indexOf(path) !== index);
  return clash === -1
    ? undefined
    : `holds two resources with the path "${paths[clash] ?? ''}", so that their metadata would be at one path; give each a path of its own`;
}

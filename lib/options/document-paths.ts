import type { ProtectedResourceOptions } from './protected-resource.options.js';

/** The well-known path of the document of a resource without a path. */
export const ROOT_DOCUMENT = '/.well-known/oauth-protected-resource';

/** Returns the paths at which the metadata document of a resource is published. */
export function documentPaths(
  options: Pick<ProtectedResourceOptions, 'metadataUrl' | 'metadataPath' | 'metadataAtRoot'>,
  wellKnownUrl: string,
): readonly string[] {
  const { metadataUrl, metadataPath, metadataAtRoot } = options;
  return [
    new URL(wellKnownUrl).pathname,
    ...(metadataUrl === undefined ? [] : [metadataPath ?? new URL(metadataUrl).pathname]),
    ...(metadataAtRoot ? [ROOT_DOCUMENT] : []),
  ];
}

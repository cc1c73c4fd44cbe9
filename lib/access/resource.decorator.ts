import type { Type } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';
import { decorateWith, lineage, ownMetadata } from '../handler/handler-metadata.js';
import { parseUrl } from '../url/parse-url.js';

const RESOURCE = Symbol.for('nestjs-mcp-auth:resource');

/**
 * Which protected resource a controller or a handler belongs to; the handler's wins. With one
 * resource it may be left out, with several the application does not start without.
 *
 * @param resource - the identifier, as in `metadata.resource`; an unknown one stops the start
 * @throws McpAuthConfigurationError at decoration, if it is not an absolute URL
 */
export function Resource(resource: string): ClassDecorator & MethodDecorator {
  if (parseUrl(resource) === undefined) {
    throw new McpAuthConfigurationError(
      `@Resource() must name a resource identifier, an absolute URL (given: ${JSON.stringify(resource)}).`,
    );
  }
  return decorateWith(RESOURCE, () => withoutTrailingSlash(resource));
}

/** The resource that a handler belongs to by its own decorator, or its class's; the nearest wins. */
export function declaredResource(controller: Type, method: string): string | undefined {
  const nearestFirst = lineage(controller).reverse();
  const ofMethod = nearestFirst.map(({ prototype }) =>
    ownMetadata(RESOURCE, prototype as object, method),
  );
  const ofClass = nearestFirst.map((type) => ownMetadata(RESOURCE, type));
  return [...ofMethod, ...ofClass].find((resource) => typeof resource === 'string');
}

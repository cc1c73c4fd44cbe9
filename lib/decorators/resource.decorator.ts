import type { Type } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';
import { decorateWith, methodMetadata, ownMetadata } from '../handler/handler-metadata.js';
import { lineage } from '../handler/lineage.js';
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
  return methodResource(controller, method) ?? classResource(controller);
}

/** What the method was decorated with, or the nearest of those that it overrides. */
export function methodResource(controller: Type, method: string): string | undefined {
  const said = lineage(controller).flatMap(({ prototype }) =>
    methodMetadata(RESOURCE, prototype as object, method),
  );
  return said.at(-1) as string | undefined;
}

/** What the class was decorated with, or the nearest of those that it extends. */
export function classResource(controller: Type): string | undefined {
  const said = lineage(controller).map((type) => ownMetadata(RESOURCE, type));
  return said.findLast((resource) => resource !== undefined) as string | undefined;
}

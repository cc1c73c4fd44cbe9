import type { Type } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';
import { decorateWith, methodMetadata, ownMetadata } from '../handler/handler-metadata.js';
import { lineage } from '../handler/lineage.js';
import { parseUrl } from '../url/parse-url.js';

const RESOURCE = Symbol.for('nestjs-mcp-auth:resource');

/**
 * Assigns a controller or a handler to a protected resource. A decorator of the handler overrides the decorator
 * of the controller. If there is only one resource, the decorator may be left out. If there are several resources,
 * the application does not start without the decorator, unless the handler is `@Public()`.
 *
 * @param resource - the identifier, as in `metadata.resource`; the application does not start with an
 * unknown identifier
 * @throws McpAuthConfigurationError at decoration, if the identifier is not an absolute URL, or on a member
 * that Nest never calls
 */
export function Resource(resource: string): ClassDecorator & MethodDecorator {
  if (parseUrl(resource) === undefined) {
    throw new McpAuthConfigurationError(
      `@Resource() must name a resource identifier, an absolute URL (given: ${JSON.stringify(resource)}).`,
    );
  }
  return decorateWith(RESOURCE, () => withoutTrailingSlash(resource));
}

/** Returns the resource of a handler, from its own decorator or from that of its class. */
export function declaredResource(controller: Type, method: string): string | undefined {
  return methodResource(controller, method) ?? classResource(controller);
}

/**
 * Returns the resource of a method, from its own decorator or from that of the nearest method it
 * overrides.
 */
export function methodResource(controller: Type, method: string): string | undefined {
  const declared = lineage(controller).flatMap(({ prototype }) =>
    methodMetadata(RESOURCE, prototype as object, method),
  );
  return declared.at(-1) as string | undefined;
}

/** Returns the resource of a class, from its own decorator or from that of the nearest class it extends. */
export function classResource(controller: Type): string | undefined {
  const declared = lineage(controller).map((type) => ownMetadata(RESOURCE, type));
  return declared.findLast((resource) => resource !== undefined) as string | undefined;
}

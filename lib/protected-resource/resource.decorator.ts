import { SetMetadata } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';

const RESOURCE = Symbol('nestjs-mcp-auth:resource');

/**
 * Which protected resource a controller or a handler belongs to; the handler's wins. With one
 * resource it may be left out, with several the application does not start without.
 *
 * @param resource - the identifier, as in `metadata.resource`; an unknown one stops the start
 * @throws McpAuthConfigurationError at decoration, if it is not an absolute URL
 */
export function Resource(resource: string): ClassDecorator & MethodDecorator {
  if (!URL.canParse(resource)) {
    throw new McpAuthConfigurationError(
      `@Resource() must name a resource identifier, an absolute URL (given: ${JSON.stringify(resource)}).`,
    );
  }
  return SetMetadata(RESOURCE, withoutTrailingSlash(resource));
}

/** The resource that a class or a method was decorated with. */
export function declaredResource(subject: object): string | undefined {
  return Reflect.getMetadata(RESOURCE, subject) as string | undefined;
}

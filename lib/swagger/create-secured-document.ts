import type { INestApplication } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject, type SwaggerDocumentOptions } from '@nestjs/swagger';
import { AuthorizationServerMetadataService } from '../authorization-server/metadata/authorization-server-metadata.service.js';
import { moduleProvider } from '../handler/module-provider.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { PolicyDescriptions } from '../start-up/describe-policies.js';
import { OperationMarks } from './operation-marks.js';
import { securityOf, type Operation } from './operation-security.js';
import { routesByName } from './routes-by-name.js';
import { SecuritySchemes } from './security-schemes.js';

const NAME = 'createSecuredDocument()';

/**
 * Makes an OpenAPI document as `SwaggerModule.createDocument()` does, and shows which routes need a token, with which
 * scopes, and where to get the token. A protected route gets a security requirement and the response 401. If it
 * requires scopes or conditions, it also gets 403. What the route declares itself stays. A public or unguarded route
 * gets nothing. A route with `@OptionalAuth()` may be called without security.
 *
 * An authorization server is shown with its authorization and token endpoints if its metadata is cached at that
 * time, and otherwise by `openIdConnectUrl`. Computed scopes, conditions and MCP operations are **not** shown.
 *
 * @param app - the application after it has been initialized: call this in the function that
 * `SwaggerModule.setup()` takes
 * @param config - the configuration that `DocumentBuilder` made
 * @throws McpAuthConfigurationError if the application does not import `McpAuthModule`
 *
 * @experimental It may change in any version.
 *
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
 * import { createSecuredDocument } from 'nestjs-mcp-auth/swagger';
 *
 * export function setUpSwagger(app: INestApplication) {
 *   const config = new DocumentBuilder().setTitle('Notes').build();
 *   SwaggerModule.setup('api', app, () => createSecuredDocument(app, config));
 * }
 * ```
 */
export function createSecuredDocument(
  app: INestApplication,
  config: Omit<OpenAPIObject, 'paths'>,
  options: SwaggerDocumentOptions = {},
): OpenAPIObject {
  const routes = routesByName(moduleProvider(app, PolicyDescriptions, NAME).all());
  const resources = moduleProvider(app, ProtectedResourceRegistry, NAME);
  const metadata = moduleProvider(app, AuthorizationServerMetadataService, NAME);
  const schemes = new SecuritySchemes((server) => metadata.documentOf(server).current());
  const marks = new OperationMarks(options.operationIdFactory);
  const operationIdFactory = marks.mark.bind(marks);
  const document = SwaggerModule.createDocument(app, config, { ...options, operationIdFactory });
  for (const operation of Object.values(document.paths).flatMap(operationsOf)) {
    linksOf(operation).forEach((link) => marks.unmark(link));
    const route = routes.get(marks.unmark(operation) ?? '');
    const resource = resources.get(route?.resource ?? '');
    if (route !== undefined && resource !== undefined) {
      Object.assign(
        operation,
        securityOf(operation, route, schemes.requirementsOf(resource, route)),
      );
    }
  }
  const { components } = document;
  const securitySchemes = { ...components?.securitySchemes, ...schemes.found };
  return { ...document, components: { ...components, securitySchemes } };
}

/** Returns the links of the responses. A link names the operation that it leads to. */
function linksOf({ responses }: Operation): { operationId?: string }[] {
  return Object.values(responses).flatMap(({ links }) => Object.values(links ?? {}));
}

/** Returns the operations of a path. A path has other members too, such as `parameters`. */
function operationsOf(path: object): Operation[] {
  return Object.values(path).filter(
    (member): member is Operation =>
      typeof member === 'object' && member !== null && 'responses' in member,
  );
}

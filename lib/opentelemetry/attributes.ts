import type { Attributes } from '@opentelemetry/api';
import type { DocumentEvent, EventOperation, RequestEvent } from '../events/mcp-auth-event.js';

/**
 * Returns the attributes of a request. They are for spans only: clients choose some of them, so metrics with them could
 * have any number of series. The names are those of the semantic conventions, if the conventions define one.
 */
export function requestAttributes({ resource, transport, operations }: RequestEvent): Attributes {
  const [only, ...others] = operations;
  return {
    'mcp_auth.resource': resource,
    'mcp_auth.transport': transport,
    ...(only && others.length === 0 ? operationAttributes(only) : {}),
  };
}

/** Returns the attributes of a single operation. A batch gets none, because it has several methods. */
function operationAttributes({ method, target }: EventOperation): Attributes {
  const isTool = method === 'tools/call';
  const isPrompt = method === 'prompts/get';
  return {
    'mcp.method.name': method,
    'gen_ai.tool.name': isTool ? target : undefined,
    'gen_ai.prompt.name': isPrompt ? target : undefined,
    'mcp.resource.uri': method.startsWith('resources/') ? target : undefined,
  };
}

/** Returns the attributes of a fetch. */
export function documentAttributes(event: DocumentEvent & { error?: unknown }): Attributes {
  return {
    'mcp_auth.issuer': event.issuer,
    'mcp_auth.document': event.document,
    'error.type': errorType(event),
  };
}

/** Returns the `code` of the error of a fetch, such as `authorization_server_unavailable`. */
export function errorType({ error }: { error?: unknown }): string | undefined {
  if (error === undefined) {
    return undefined;
  }
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '_OTHER';
}

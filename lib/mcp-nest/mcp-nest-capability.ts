import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { McpOperationKind } from '../mcp/operations/mcp-operation.js';

/** A method with `@Tool`, `@Prompt`, `@Resource` or `@ResourceTemplate` of `@rekog/mcp-nest`. */
export interface McpNestCapability {
  /** The class with `@McpController`. */
  readonly controller: Type;
  readonly method: string;
  readonly kind: McpOperationKind;
  /** The name of the tool or of the prompt; the URI or URI template of the resource. */
  readonly name: string;
}

/** The metadata key of `@MessagePattern()` under which MCP-Nest stores the kind and name of a capability. */
const EXTRAS = 'microservices:pattern_extras';
const SERVER = 'mcp:server-name';

const KINDS: Readonly<Record<string, McpOperationKind>> = {
  tool: 'tools',
  prompt: 'prompts',
  resource: 'resources',
  'resource-template': 'resources',
};

/** Returns the MCP-Nest capability of a method, or `undefined` if the method has no such decorator. */
export function capabilityOf(controller: Type, method: string): McpNestCapability | undefined {
  const implementation = (controller.prototype as Record<string, unknown>)[method];
  if (typeof implementation !== 'function') {
    return undefined;
  }
  const { mcpType, mcpName, mcpMethodKey } = (Reflect.getMetadata(EXTRAS, implementation) ??
    {}) as Record<string, unknown>;
  const kind = typeof mcpType === 'string' ? KINDS[mcpType] : undefined;
  // MCP-Nest treats an empty name as missing. It then uses the name of the decorated method.
  const name = [mcpName, mcpMethodKey, method].find(isName);
  return kind && name !== undefined ? { controller, method, kind, name } : undefined;
}

/** Returns the name of the MCP server that a class with `@McpController` belongs to. The default server has no name. */
export function serverOf(controller: Type): string | undefined {
  const name: unknown = Reflect.getMetadata(SERVER, controller);
  return isName(name) ? name : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

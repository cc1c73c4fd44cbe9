import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { McpOperationKind } from '../mcp/operations/mcp-operation.js';

/** A method with `@Tool`, `@Prompt`, `@Resource` or `@ResourceTemplate` of `@rekog/mcp-nest`. */
export interface McpNestCapability {
  /** The class with `@McpController`. */
  readonly controller: Type;
  readonly method: string;
  readonly kind: McpOperationKind;
  /** The tool's or the prompt's name, the resource's URI or URI template. */
  readonly name: string;
}

/** Where its decorators leave, for its own strategy, what a method is: `@MessagePattern` does it. */
const EXTRAS = 'microservices:pattern_extras';
const SERVER = 'mcp:server-name';

const KINDS: Readonly<Record<string, McpOperationKind>> = {
  tool: 'tools',
  prompt: 'prompts',
  resource: 'resources',
  'resource-template': 'resources',
};

/** What MCP-Nest makes of a method; nothing where it is none of its own. */
export function capabilityOf(controller: Type, method: string): McpNestCapability | undefined {
  const implementation = (controller.prototype as Record<string, unknown>)[method];
  if (typeof implementation !== 'function') {
    return undefined;
  }
  const { mcpType, mcpName, mcpMethodKey } = (Reflect.getMetadata(EXTRAS, implementation) ??
    {}) as Record<string, unknown>;
  const kind = typeof mcpType === 'string' ? KINDS[mcpType] : undefined;
  // Its strategy takes an empty name for none, and then the name that the method was decorated under.
  const name = [mcpName, mcpMethodKey, method].find(isName);
  return kind && name !== undefined ? { controller, method, kind, name } : undefined;
}

/** The name of the MCP server that a class with `@McpController` is part of; the default one has none. */
export function serverOf(controller: Type): string | undefined {
  const name: unknown = Reflect.getMetadata(SERVER, controller);
  return isName(name) ? name : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

export const RESOURCE = 'https://api.example.com/notes';
export const SCOPE = 'read:notes';
/** The route that returns the number of observed decisions. */
export const OBSERVED = '/observed';
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** The settings that a server process receives. */
export interface Setup {
  issuer: string;
  jwksUri: string;
  /** The lifetime of cached tokens in seconds. Default: the contender's own. */
  keepTokensFor?: number;
  /** The size of the application, for the contender `sized`. */
  size?: Size;
  /** The port of the Redis that stores used DPoP proofs. Default: they are stored in memory. */
  redisPort?: number;
  /** The MCP server, for the contender `mcp-endpoint`. */
  mcp?: McpSize;
  /** The observer of the guard's decisions. Default: none. */
  observer?: Observer;
}

/**
 * An observer of the guard's decisions: a listener of `McpAuthEvents`, a subscriber of
 * `node:diagnostics_channel`, or the OpenTelemetry module without an SDK (`telemetry`) or with one (`sdk`).
 */
export type Observer = 'listener' | 'channel' | 'telemetry' | 'sdk';

export interface McpSize {
  tools: number;
  guard: McpGuard;
}

/**
 * The protection of an MCP endpoint. `guarded`: every request needs a valid token. `per tool`: each tool also
 * requires a scope. `filtered`: lists also leave out the tools that the caller may not call.
 */
export type McpGuard = 'none' | 'guarded' | 'per tool' | 'filtered';

export interface Size {
  resources: number;
  handlers: number;
  adapter: 'express' | 'fastify';
  /** No guard, a guard that accepts every request, or the library's. */
  guard: 'none' | 'bare' | 'ours';
}

export const toolName = (tool: number) => `tool-${tool}`;

/** The exports of a file in this folder. Helpers have others. */
export interface Contender {
  create(setup: Setup): Promise<INestApplication>;
}

@Module({})
class AppModule {}

export function app(
  parts: Omit<DynamicModule, 'module'> & { controllers: Type[] },
  adapter: 'express' | 'fastify' = 'express',
): Promise<INestApplication> {
  const module: DynamicModule = { module: AppModule, ...parts };
  const options = { logger: ['error' as const] };
  return adapter === 'express'
    ? NestFactory.create(module, options)
    : NestFactory.create(module, new FastifyAdapter(), options);
}

/** Returns the response body of every contender. It is empty if the library did not pass the caller on. */
export function notesOf(subject: unknown): { id: number }[] {
  return typeof subject === 'string' ? [{ id: 1 }] : [];
}

import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

export const RESOURCE = 'https://api.example.com/notes';
export const SCOPE = 'read:notes';
/** The route that tells how many decisions were observed. */
export const OBSERVED = '/observed';
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What a server process is told. */
export interface Setup {
  issuer: string;
  jwksUri: string;
  /** Seconds; the contender's own default if not given. */
  keepTokensFor?: number;
  /** For an application of many handlers. */
  size?: Size;
  /** Where used DPoP proofs are remembered; in memory if not given. */
  redisPort?: number;
  /** For an MCP server. */
  mcp?: McpSize;
  /** What listens to the decisions of the guard; nothing if not given. */
  observer?: Observer;
}

/** A listener, a subscriber of `node:diagnostics_channel`, or OpenTelemetry: its API alone, or with an SDK. */
export type Observer = 'listener' | 'channel' | 'telemetry' | 'sdk';

export interface McpSize {
  tools: number;
  guard: McpGuard;
}

/**
 * How an MCP endpoint is protected: not at all, with one requirement for all operations, with scopes for
 * each tool, or besides with lists that leave out what the caller may not call.
 */
export type McpGuard = 'none' | 'guarded' | 'per tool' | 'filtered';

export interface Size {
  resources: number;
  handlers: number;
  adapter: 'express' | 'fastify';
  /** By nothing, by a guard that lets all in, or by the library. */
  guard: 'none' | 'bare' | 'ours';
}

export const toolName = (tool: number) => `tool-${tool}`;

/** What each file of this folder exports, but the helpers. */
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

/** What every contender answers with; nothing, if its library did not tell who is calling. */
export function notesOf(subject: unknown): { id: number }[] {
  return typeof subject === 'string' ? [{ id: 1 }] : [];
}

import type { ServerResponse } from 'node:http';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { Body, Controller, Get, Logger, Post } from '@nestjs/common';
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import {
  AuthInfo,
  McpEndpoint,
  RequireScopes,
  TokenRevocations,
  type AuthInfo as Caller,
} from 'nestjs-mcp-auth';
import {
  McpAuthTelemetryModule,
  type McpAuthTelemetryOptions,
} from 'nestjs-mcp-auth/opentelemetry';
import { adapters, RESOURCE, type AdapterName } from '../support/app.js';
import { serve } from '../support/serve.js';

@Controller()
class TracedController {
  @Get('notes')
  @RequireScopes('read:notes')
  notes(@AuthInfo() { principal }: Caller) {
    return { principal };
  }

  @Post('mcp')
  @McpEndpoint({ tools: { add: 'write:notes' } })
  mcp(@Body() body: { id: unknown }) {
    return { jsonrpc: '2.0', id: body.id, result: {} };
  }
}

const spans = new InMemorySpanExporter();
const numbers = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({
  exporter: numbers,
  exportIntervalMillis: 2 ** 30,
});
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
});

afterAll(async () => {
  trace.disable();
  metrics.disable();
  context.disable();
  await reader.shutdown();
});

describe.each(adapters)('McpAuthTelemetryModule, on %s', (adapter) => {
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    spans.reset();
    await reader.forceFlush();
    numbers.reset();
  });

  describe('without options', () => {
    const server = traced(adapter);

    it('counts decisions by handler and outcome, and fetches by document', async () => {
      await server.get('notes', await mint(server, 'read:notes'));
      await server.get('notes', await mint(server, 'read:notes'));
      await server.get('notes', await mint(server, '', { exp: 1 }));
      await server.get('notes');
      const handler = 'TracedController.notes';
      expect(await recorded('mcp_auth.decision.duration')).toEqual([
        [{ 'mcp_auth.handler': handler, 'mcp_auth.outcome': 'accepted' }, 2],
        [
          {
            'mcp_auth.handler': handler,
            'mcp_auth.outcome': 'rejected',
            'error.type': 'invalid_token',
            'mcp_auth.reason': 'expired',
          },
          1,
        ],
        [
          {
            'mcp_auth.handler': handler,
            'mcp_auth.outcome': 'rejected',
            'error.type': 'unauthorized',
          },
          1,
        ],
      ]);
      const issuer = { 'mcp_auth.issuer': server.issuer.url };
      expect(await recorded('mcp_auth.fetch.duration')).toEqual([
        [{ ...issuer, 'mcp_auth.document': 'metadata' }, 1],
        [{ ...issuer, 'mcp_auth.document': 'jwks' }, 1],
      ]);
    });

    it('counts step-ups and revocations', async () => {
      await server.get('notes', await mint(server, 'openid'));
      await server.get('notes', await mint(server, 'read:notes'));
      const issuer = server.issuer.url;
      await server.app.get(TokenRevocations).revokeSubject({ issuer, subject: 'alice' });
      await server.app.get(TokenRevocations).revokeToken({ issuer, jti: 'a' });
      expect(await recorded('mcp_auth.step_ups')).toEqual([
        [{ 'mcp_auth.handler': 'TracedController.notes' }, 1],
      ]);
      expect(await recorded('mcp_auth.revocations')).toEqual([
        [{ 'mcp_auth.issuer': issuer, 'mcp_auth.target': 'subject' }, 1],
        [{ 'mcp_auth.issuer': issuer, 'mcp_auth.target': 'token' }, 1],
      ]);
    });

    it('makes a span for a decision, with the operation and without the caller', async () => {
      const token = await mint(server, 'write:notes');
      await callTool(server.url, 'add', token);
      const [span] = spansNamed('mcp_auth.decide');
      expect(span?.attributes).toEqual({
        'mcp_auth.handler': 'TracedController.mcp',
        'mcp_auth.outcome': 'accepted',
        'mcp_auth.resource': RESOURCE,
        'mcp_auth.transport': 'http',
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': 'add',
      });
      expect(span?.status.code).toBe(0);
      expect(seconds(span)).toBeGreaterThan(0);
      expect(
        JSON.stringify(spans.getFinishedSpans().map(({ attributes }) => attributes)),
      ).not.toContain(token);
    });

    it('makes a client span for each fetch, which is an error if the fetch fails', async () => {
      await server.issuer.down();
      await server.get('notes', await mint(server, 'read:notes'));
      expect(
        spansNamed('mcp_auth.fetch').map(({ kind, status, attributes }) => [
          kind,
          status.code,
          attributes['mcp_auth.document'],
          attributes['error.type'],
        ]),
      ).toEqual([[2, 2, 'metadata', 'authorization_server_unavailable']]);
      expect(spansNamed('mcp_auth.decide').map(({ status }) => status.code)).toEqual([2]);
    });

    it('makes spans within the active span of the request', async () => {
      await server.get('notes', await mint(server, 'read:notes'));
      const [request] = spansNamed('request');
      expect(spansNamed('mcp_auth.decide')[0]?.parentSpanContext?.spanId).toBe(
        request?.spanContext().spanId,
      );
    });
  });

  describe('with principal: true', () => {
    const server = traced(adapter, { principal: true });

    it('adds the principal of the caller to the span, and to no metric', async () => {
      const response = await server.get('notes', await mint(server, 'read:notes'));
      const { principal } = (await response.json()) as { principal: string };
      expect(spansNamed('mcp_auth.decide')[0]?.attributes['user.id']).toBe(principal);
      expect(JSON.stringify(await recorded('mcp_auth.decision.duration'))).not.toContain(principal);
    });
  });
});

function traced(adapter: AdapterName, options?: McpAuthTelemetryOptions) {
  return serve(adapter, {
    per: 'test',
    controllers: [TracedController],
    imports: [McpAuthTelemetryModule.forRoot(options)],
    setUp: (app) => {
      app.use((_request: unknown, response: ServerResponse, next: () => void) => {
        trace.getTracer('test').startActiveSpan('request', (span) => {
          response.on('finish', () => span.end());
          next();
        });
      });
    },
  });
}

async function mint(
  server: ReturnType<typeof serve>,
  scope: string,
  claims: Record<string, unknown> = {},
) {
  return server.mint({ claims: { scope, ...claims } });
}

async function callTool(url: string, name: string, token: string) {
  return fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } }),
  });
}

function spansNamed(name: string): ReadableSpan[] {
  return spans.getFinishedSpans().filter((span) => span.name === name);
}

function seconds(span: ReadableSpan | undefined): number {
  const [whole = 0, nanoseconds = 0] = span?.duration ?? [];
  return whole + nanoseconds / 1e9;
}

/** Returns the data points of a metric: the attributes, and how often it was recorded. */
async function recorded(name: string): Promise<[unknown, unknown][]> {
  await reader.forceFlush();
  const found = numbers
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    .filter(({ descriptor }) => descriptor.name === name);
  return found.flatMap(({ dataPoints }) =>
    dataPoints.map(({ attributes, value }): [unknown, unknown] => [
      attributes,
      typeof value === 'object' ? value.count : value,
    ]),
  );
}

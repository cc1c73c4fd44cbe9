import { subscribe } from 'node:diagnostics_channel';
import type { INestApplication } from '@nestjs/common';
import { McpAuthEvents } from 'nestjs-mcp-auth';
import { McpAuthTelemetryModule } from 'nestjs-mcp-auth/opentelemetry';
import { startTelemetrySdk } from '../harness/telemetry-sdk.js';
import { OBSERVED, type Setup } from './contender.js';
import { create as createOurs } from './ours.js';

/** Creates an app with one observer. The route `/observed` returns how many decisions the observer saw. */
export async function create(setup: Setup): Promise<INestApplication> {
  const { observer } = setup;
  const exported = observer === 'sdk' ? startTelemetrySdk() : undefined;
  const usesTelemetry = observer === 'telemetry' || observer === 'sdk';
  const imports = usesTelemetry ? [McpAuthTelemetryModule.forRoot()] : [];
  const app = await createOurs(setup, 'express', { imports });

  let seen = 0;
  const count = () => {
    seen++;
  };
  if (observer === 'listener') {
    app.get(McpAuthEvents).on('accepted', count);
    app.get(McpAuthEvents).on('rejected', count);
  }
  if (observer === 'channel') {
    subscribe('nestjs-mcp-auth:accepted', count);
    subscribe('nestjs-mcp-auth:rejected', count);
  }
  app.getHttpAdapter().get(OBSERVED, async (_request, response: { json(body: unknown): void }) => {
    const { spans = seen, recorded = seen } = (await exported?.()) ?? {};
    response.json(Math.min(spans, recorded));
  });
  return app;
}

import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { metrics, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import type {
  AcceptedEvent,
  DocumentEvent,
  FailedDocumentEvent,
  RejectedEvent,
} from '../events/mcp-auth-event.js';
import { McpAuthEvents } from '../events/mcp-auth-events.js';
import { documentAttributes, errorType, requestAttributes } from './attributes.js';
import { McpAuthTelemetryOptions } from './telemetry-options.js';

const SCOPE = 'nestjs-mcp-auth';

/** Turns events into metrics and spans. Each instrument is one line of the table in docs/observability.md. */
@Injectable()
export class Telemetry implements OnModuleInit, OnModuleDestroy {
  private readonly tracer = trace.getTracer(SCOPE);
  private readonly meter = metrics.getMeter(SCOPE);
  private readonly decisions = this.meter.createHistogram('mcp_auth.decision.duration', {
    description: 'The time that the guard takes to let a request in or to reject it.',
    unit: 's',
  });
  private readonly fetches = this.meter.createHistogram('mcp_auth.fetch.duration', {
    description: 'The time that it takes to fetch a document of an authorization server.',
    unit: 's',
  });
  private readonly stepUps = this.meter.createCounter('mcp_auth.step_ups', {
    description: 'Callers that came back with the scopes that they lacked.',
    unit: '{step_up}',
  });
  private readonly revocations = this.meter.createCounter('mcp_auth.revocations', {
    description: 'Revocations of tokens by this instance.',
    unit: '{revocation}',
  });
  private endListening: (() => void)[] = [];

  constructor(
    private readonly events: McpAuthEvents,
    private readonly options: McpAuthTelemetryOptions,
  ) {}

  onModuleInit(): void {
    const { events } = this;
    this.endListening = [
      events.on('accepted', (event) => {
        this.recordDecision(event);
      }),
      events.on('rejected', (event) => {
        this.recordDecision(event, event);
      }),
      ...(['fetched', 'refreshed', 'stale', 'unavailable'] as const).map((name) =>
        events.on(name, (event: DocumentEvent | FailedDocumentEvent) => {
          this.recordFetch(event);
        }),
      ),
      events.on('steppedUp', ({ handler }) => {
        this.stepUps.add(1, { 'mcp_auth.handler': handler });
      }),
      events.on('revoked', ({ issuer, subject }) => {
        const target = subject === undefined ? 'token' : 'subject';
        this.revocations.add(1, { 'mcp_auth.issuer': issuer, 'mcp_auth.target': target });
      }),
    ];
  }

  onModuleDestroy(): void {
    for (const end of this.endListening) {
      end();
    }
  }

  private recordDecision(event: AcceptedEvent, rejected?: RejectedEvent): void {
    const { handler, duration, caller } = event;
    const outcome: Attributes = {
      'mcp_auth.handler': handler,
      'mcp_auth.outcome': rejected ? 'rejected' : 'accepted',
      'error.type': rejected && (rejected.code ?? String(rejected.status)),
      'mcp_auth.reason': rejected?.reason,
    };
    this.decisions.record(duration / 1000, outcome);
    const principal = this.options.principal === true ? caller?.principal : undefined;
    const attributes = { ...outcome, ...requestAttributes(event), 'user.id': principal };
    this.addSpan('mcp_auth.decide', SpanKind.INTERNAL, duration, attributes, isFault(rejected));
  }

  private recordFetch(event: DocumentEvent & { error?: unknown }): void {
    const attributes = documentAttributes(event);
    this.fetches.record(event.duration / 1000, attributes);
    const isError = errorType(event) !== undefined;
    this.addSpan('mcp_auth.fetch', SpanKind.CLIENT, event.duration, attributes, isError);
  }

  /** Adds a span that has ended now. Its parent is the active span, if there is one. */
  private addSpan(
    name: string,
    kind: SpanKind,
    duration: number,
    attributes: Attributes,
    isError: boolean,
  ): void {
    const endTime = Date.now();
    const span = this.tracer.startSpan(name, { kind, attributes, startTime: endTime - duration });
    if (isError) {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endTime);
  }
}

/** Returns `true` if this server is at fault (5xx), and `false` if the client made a mistake. */
function isFault(rejected: RejectedEvent | undefined): boolean {
  return rejected !== undefined && rejected.status >= 500;
}

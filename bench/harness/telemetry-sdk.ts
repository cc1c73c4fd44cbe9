import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  DataPointType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** The numbers of exported spans and of exported values of the histogram. */
export interface Exported {
  spans: number;
  recorded: number;
}

const SPAN = 'mcp_auth.decide';
const HISTOGRAM = 'mcp_auth.decision.duration';

const SUCCESS = { code: 0 };
const nothing = () => Promise.resolve();

/**
 * Starts an OpenTelemetry SDK as an application would. It samples all spans and exports them in batches. The
 * exporters only count, because the bench does not measure serializing and sending.
 *
 * @returns a function that exports the rest and returns the numbers so far
 */
export function startTelemetrySdk(): () => Promise<Exported> {
  const exported: Exported = { spans: 0, recorded: 0 };
  const spanProcessor = new BatchSpanProcessor({
    export(spans, done) {
      exported.spans += spans.filter(({ name }) => name === SPAN).length;
      done(SUCCESS);
    },
    shutdown: nothing,
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: {
      export(batch, done) {
        exported.recorded = recordedIn(batch);
        done(SUCCESS);
      },
      forceFlush: nothing,
      shutdown: nothing,
    },
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [spanProcessor] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  return async () => {
    await Promise.all([spanProcessor.forceFlush(), reader.forceFlush()]);
    return exported;
  };
}

/** Returns the number of decisions since the start. */
function recordedIn({ scopeMetrics }: ResourceMetrics): number {
  const all = scopeMetrics.flatMap((scope) => scope.metrics);
  const decisions = all.find(({ descriptor }) => descriptor.name === HISTOGRAM);
  return decisions?.dataPointType === DataPointType.HISTOGRAM
    ? decisions.dataPoints.reduce((sum, { value }) => sum + value.count, 0)
    : 0;
}

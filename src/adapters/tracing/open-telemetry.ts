import { createHash } from 'node:crypto';
import { context, propagation, SpanKind, trace, TraceFlags, type Attributes, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  SamplingDecision,
  TracerProvider,
  type IdGenerator,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { BullMQOtel } from 'bullmq-otel';
import type { Job } from '../../app/ports/job-queue.ts';
import type { CallResult, LeadsApi } from '../../app/ports/leads-api.ts';
import type { LedgerFile } from '../../app/ports/ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import { traceContextOf, traceparentOf, type TraceContext } from '../../domain/trace-context.ts';

export interface TracingOptions {
  /** Of the collector, without /v1/traces. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Of rows and files, from 0 to 1. */
  readonly share: number;
  readonly version: string;
  readonly environment: string;
  readonly instance: string;
  readonly ledgerId: string;
}

export interface Tracing {
  /** For BullMQ's queues and workers. */
  readonly telemetry: BullMQOtel;
  /** What travels with a job, so that its span stands in the trace of its row or file. */
  contextOf(job: Pick<Job, 'payload'>): string;
  /** The trace of this row or file is sent. */
  isTraced(kind: 'row' | 'file', id: string): boolean;
  /** The beginning of a file's trace: from its arrival until its reading began. */
  fileTaken(file: Pick<LedgerFile, 'id' | 'kind' | 'partner' | 'arrivedAt'>): void;
  /** The beginning of a row's trace: from the arrival of its file until it was read. */
  rowRead(row: Pick<LedgerRow, 'id' | 'kind' | 'partner' | 'rowNumber' | 'createdAt'>, file: LedgerFile | null): void;
  /** The same API; each call is a span of the job that makes it. */
  callsOf(api: LeadsApi): LeadsApi;
  /** Sends what is left, for as long as a try may take. */
  close(): Promise<void>;
}

const exportTimeoutMs = 5_000;

/**
 * Traces by OpenTelemetry, over OTLP/HTTP. A trace is a row's: from its file to the answer of the API, through all jobs of
 * it, whichever process works on them; its id is made from the row's. A file has a trace of its own, to which its rows
 * link. Spans carry ids, codes and counts.
 */
export function openTracing(options: TracingOptions): Tracing {
  const { endpoint, headers, ledgerId, share } = options;
  const beginnings = createBeginnings();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.version,
      'service.instance.id': options.instance,
      'deployment.environment.name': options.environment,
    }),
    idGenerator: beginnings.ids,
    // Rows and files have been chosen already. What belongs to none is BullMQ at its own affairs, many times a second.
    sampler: new ParentBasedSampler({ root: beginnings.sampler }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
          headers: { ...headers },
          timeoutMillis: exportTimeoutMs,
          httpAgentOptions: { rejectUnauthorized: true },
        }),
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const tracer: Tracer = provider.getTracer('leadsync', options.version);

  const contextOf = (kind: 'row' | 'file', id: string): TraceContext =>
    traceContextOf(createHash('sha256').update(`${ledgerId} ${kind} ${id}`).digest('hex'), share);

  async function traced<A>(name: string, requestId: string, call: () => Promise<CallResult<A>>) {
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { 'leadsync.request.id': requestId } });
    try {
      const result = await context.with(trace.setSpan(context.active(), span), call);
      span.setAttributes({
        'leadsync.outcome': result.outcome.kind,
        'leadsync.evidence': result.evidence,
        ...(result.httpStatus === null ? {} : { 'http.response.status_code': result.httpStatus }),
      });
      return result;
    } finally {
      span.end();
    }
  }

  return {
    telemetry: new BullMQOtel({ tracerName: 'bullmq', enableMetrics: false }),
    contextOf({ payload: { rowId, fileId } }) {
      const [kind, id] = rowId === undefined ? (['file', fileId] as const) : (['row', rowId] as const);
      return JSON.stringify({ traceparent: traceparentOf(contextOf(kind, String(id))) });
    },
    isTraced: (kind, id) => contextOf(kind, id).isSampled,
    fileTaken({ id, kind, partner, arrivedAt }) {
      const attributes = { 'leadsync.file.id': id, 'leadsync.file.kind': kind, 'leadsync.partner': partner };
      const span = beginnings.as(contextOf('file', id), () =>
        tracer.startSpan('file arrived', { root: true, startTime: arrivedAt, attributes }),
      );
      span.end();
    },
    rowRead({ id, kind, partner, rowNumber, createdAt }, file) {
      const attributes: Attributes = {
        'leadsync.row.id': id,
        'leadsync.row.kind': kind,
        'leadsync.partner': partner,
        ...(file === null ? {} : { 'leadsync.file.id': file.id }),
        ...(rowNumber === null ? {} : { 'leadsync.row.number': rowNumber }),
      };
      const ofFile = file === null ? null : contextOf('file', file.id);
      const span = beginnings.as(contextOf('row', id), () =>
        tracer.startSpan('row read from file', {
          root: true,
          startTime: file?.arrivedAt ?? createdAt,
          attributes,
          links: ofFile === null ? [] : [{ context: { ...ofFile, traceFlags: TraceFlags.SAMPLED } }],
        }),
      );
      span.end(createdAt);
    },
    callsOf: (api) => ({
      checkClient: (nif, call) => traced('client-data', call.attemptId, () => api.checkClient(nif, call)),
      createLead: (lead, call) => traced('alta-lead', call.attemptId, () => api.createLead(lead, call)),
      updateLead: (update, call) => traced('update-lead', call.attemptId, () => api.updateLead(update, call)),
      close: () => api.close(),
    }),
    async close() {
      await provider.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

/** The first span of a trace has the ids that the jobs have been told of. No other span begins a trace. */
function createBeginnings() {
  const random = new RandomIdGenerator();
  let begun: TraceContext | null = null;
  const ids: IdGenerator = {
    generateTraceId: () => begun?.traceId ?? random.generateTraceId(),
    generateSpanId: () => begun?.spanId ?? random.generateSpanId(),
  };
  const sampler: Sampler = {
    shouldSample: () => ({
      decision: begun === null ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
    }),
    toString: () => 'beginnings',
  };
  return {
    ids,
    sampler,
    /** `start` begins one span, at once. */
    as<T>(whose: TraceContext, start: () => T): T {
      begun = whose;
      try {
        return start();
      } finally {
        begun = null;
      }
    },
  };
}

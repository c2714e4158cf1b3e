import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTraceCollector, type CollectedSpan, type TraceCollector } from '../support/trace-collector.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

let api: FakeLeadsApi;
let collector: TraceCollector;
let installation: Installation;
let service: LeadsyncProcess | null;

beforeEach(async () => {
  service = null;
  api = await startFakeLeadsApi();
  collector = await startTraceCollector();
});
afterEach(async () => {
  await service?.end('SIGTERM');
  await Promise.all([api.close(), collector.close()]);
  await installation.remove();
});

/** Takes a file of three leads through a service that then stops, and so has sent all of its traces. */
async function carry(backend: string, env: Readonly<Record<string, string>>): Promise<void> {
  installation = await createInstallation('traces', api, { LEADSYNC_QUEUE_BACKEND: backend });
  service = startLeadsync(['run'], { ...installation.env, ...env });
  await service.ready();
  await drop(join(installation.home, 'inbox'), 'acme', 'leads-of-ana-garcia.csv', leadsCsv(3));
  await installation.results('acme', 'leads-of-ana-garcia.csv');
  await service.end('SIGTERM');
}

const otlp = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=leads, authorization=Bearer abc=',
});

const backends = inject('redisBinary') === null ? ['postgres'] : ['redis', 'postgres'];

it.each(backends)(
  'one trace shows a row from its file to the API, through the queue on %s, and nobody in it',
  async (backend) => {
    await carry(backend, otlp());
    const rows = [...Map.groupBy(collector.spans(), ({ traceId }) => traceId).values()].filter((spans) =>
      spans.some(({ name }) => name === 'row read from file'),
    );
    expect(rows).toHaveLength(3);
    for (const spans of rows) {
      const [first, ...others] = spans.toSorted((a, b) =>
        Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)),
      );
      expect(first).toMatchObject({ name: 'row read from file' });
      expect(first?.parentSpanId ?? '').toBe('');
      expect(attributesOf(first)).toMatchObject({ 'leadsync.partner': 'acme', 'leadsync.row.kind': 'lead' });
      const job = others.find(({ name }) => name.startsWith('process'));
      expect(job?.parentSpanId).toBe(first?.spanId);
      const calls = ['client-data', 'alta-lead'].map((name) => others.find((span) => span.name === name));
      expect(calls.map((call) => call?.parentSpanId)).toEqual([job?.spanId, job?.spanId]);
      expect(calls.map((call) => attributesOf(call)['http.response.status_code'])).toEqual([200, 200]);
    }
    // The file has a trace of its own, to which its rows link.
    const [ofFile, ...more] = new Set(rows.flat().flatMap(({ links = [] }) => links.map(({ traceId }) => traceId)));
    expect(more).toEqual([]);
    const jobs = collector.spans().filter(({ traceId }) => traceId === ofFile);
    const begun = jobs.find(({ name }) => name === 'file arrived');
    expect(begun?.parentSpanId ?? '').toBe('');
    const ofJobs = jobs.filter(({ parentSpanId }) => parentSpanId === begun?.spanId).map(({ name }) => name);
    expect(ofJobs.join()).toMatch(/process.*ingest-file.*process.*settle-file/);

    expect(collector.headers[0]).toMatchObject({ 'x-tenant': 'leads', authorization: 'Bearer abc=' });
    // A time in nanoseconds has such digits in it, too.
    const personal = /Inventada|9900000\d[A-Z]|(?<!\d)60000000\d(?!\d)|\bT-\d|ana-garcia/;
    for (const body of collector.bodies) expect(body).not.toMatch(personal);
  },
);

it('goes on and ends in order where nobody takes the traces', async () => {
  await carry('postgres', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  expect(await service?.exited).toBe(0);
});

it('traces a share of the rows, the same in every process', async () => {
  await carry('postgres', { ...otlp(), OTEL_TRACES_SAMPLER_ARG: '0' });
  expect(collector.spans()).toEqual([]);
});

it('loads nothing of its own when it is off', async () => {
  const scratch = await scratchFolder();
  const [preload, list] = [join(scratch.path, 'preload.mjs'), join(scratch.path, 'loaded.txt')];
  await writeFile(
    preload,
    `import { registerHooks } from 'node:module';
import { appendFileSync } from 'node:fs';
registerHooks({
  load(url, context, next) {
    appendFileSync(${JSON.stringify(list)}, url + '\\n');
    return next(url, context);
  },
});`,
  );
  await carry('postgres', { NODE_OPTIONS: `--import ${pathToFileURL(preload).href}` });
  const loaded = (await readFile(list, 'utf8')).split('\n');
  await scratch.remove();
  expect(loaded.some((url) => url.includes('/bullmq/'))).toBe(true);
  // The API without an SDK is prom-client's.
  const ours = loaded.filter((url) => /opentelemetry|bullmq-otel|adapters\/tracing/.test(url));
  expect(ours.filter((url) => !url.includes('/@opentelemetry/api/'))).toEqual([]);
});

function attributesOf(span: CollectedSpan | undefined): Readonly<Record<string, unknown>> {
  const pairs = (span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]] as const);
  return Object.fromEntries(pairs);
}

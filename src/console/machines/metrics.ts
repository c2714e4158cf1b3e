import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { breakerStates } from '../../domain/outage-breaker.ts';
import type { NeedsPerson } from '../../view/needs-person.ts';
import type { Console } from '../console.ts';
import { readOverview, type Overview } from '../overview/read-overview.ts';
import { callDurationText } from './call-duration-text.ts';
import { metricNames, type MetricName } from './metric-names.ts';

export interface Metrics {
  /** `GET /metrics`, in the Prometheus text format. Ids of partners and counts: nothing of a person. */
  register(app: FastifyInstance): void;
  /** Counts a request of this console. */
  served(request: FastifyRequest, reply: FastifyReply): void;
}

const ofLedger = Object.entries(metricNames).filter(
  ([key]) => !['ledgerUp', 'calls', 'callDuration', 'requestDuration'].includes(key),
);

export function createMetrics({ ports }: Pick<Console, 'ports'>): Metrics {
  const own = new Registry();
  const requests = new Histogram({
    ...configOf(metricNames.requestDuration),
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5],
    registers: [own],
  });

  /** Made anew for each scrape: what is not there any more is not told any more. */
  async function ledgerText(): Promise<string> {
    const registry = new Registry();
    const gauges = Object.fromEntries(
      [['ledgerUp', metricNames.ledgerUp] as const, ...ofLedger].map(([key, name]) => [
        key,
        new Gauge({ ...configOf(name), registers: [registry] }),
      ]),
    ) as Readonly<Record<keyof typeof metricNames, Gauge>>;
    const calls = new Counter({ ...configOf(metricNames.calls), registers: [registry] });
    let durations = '';
    try {
      const [overview, totals] = await Promise.all([readOverview(ports), ports.tallies.totals()]);
      tellLedger(gauges, overview);
      for (const { endpoint, outcome, n } of totals) calls.inc({ endpoint, outcome }, n);
      durations = callDurationText(totals);
      gauges.ledgerUp.set(1);
    } catch {
      registry.clear();
      registry.registerMetric(gauges.ledgerUp);
      gauges.ledgerUp.set(0);
    }
    return `${await registry.metrics()}${durations}`;
  }

  return {
    register(app) {
      app.get('/metrics', async (_request, reply) => {
        const text = `${await ledgerText()}\n${await own.metrics()}`;
        return reply.header('cache-control', 'no-store').type(Registry.PROMETHEUS_CONTENT_TYPE).send(text);
      });
    },
    served(request, reply) {
      // It goes on for as long as somebody looks.
      if (String(reply.getHeader('content-type')).startsWith('text/event-stream')) return;
      requests.observe(
        {
          route: request.routeOptions.url ?? 'none',
          method: request.method,
          status: `${Math.floor(reply.statusCode / 100)}xx`,
        },
        reply.elapsedTime / 1_000,
      );
    },
  };
}

type Gauges = Readonly<Record<keyof typeof metricNames, Gauge>>;

function tellLedger(gauges: Gauges, { stock, instances, longestDue, now }: Overview): void {
  for (const kind of ['lead', 'update'] as const) {
    gauges.rowsInDoubt.set({ kind }, 0);
    gauges.oldestWaiting.set({ kind }, 0);
  }
  for (const { partner, kind, state, n } of stock.counts) {
    gauges.rows.set({ partner, kind, state }, n);
    if (state === 'in_doubt') gauges.rowsInDoubt.inc({ kind }, n);
  }
  for (const kind of ['lead', 'update'] as const) {
    const times = stock.needsPerson.flatMap(({ about, since }) =>
      about?.kind === 'rows' && about.state === 'in_doubt' && about.rowKind === kind && since !== null
        ? [since.getTime()]
        : [],
    );
    if (times.length > 0) gauges.oldestInDoubt.set({ kind }, (now.getTime() - Math.min(...times)) / 1_000);
  }
  for (const { kind, dueForMs } of longestDue) gauges.oldestWaiting.set({ kind }, dueForMs / 1_000);
  for (const urgent of [true, false]) {
    const n = stock.needsPerson.filter((need) => isNews(need) === urgent).length;
    gauges.needsPerson.set({ urgent: String(urgent) }, n);
  }
  for (const state of breakerStates) gauges.breaker.set({ state }, stock.breaker.state === state ? 1 : 0);
  for (const { endpoint } of stock.halts) gauges.halted.set({ endpoint }, 1);
  for (const { partner } of stock.pauses) gauges.paused.set({ partner: partner ?? '*' }, 1);
  for (const role of ['intake', 'worker', 'console'])
    gauges.services.set({ role }, instances.filter((one) => one.isAlive && one.roles.includes(role)).length);
}

/** What somebody knows of already is no alarm any more. */
function isNews({ isUrgent, acknowledged }: NeedsPerson): boolean {
  return isUrgent && acknowledged === null;
}

function configOf({ name, help, labels }: MetricName) {
  return { name, help, labelNames: [...labels] };
}

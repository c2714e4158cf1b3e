import type { Endpoint } from '../../domain/call-outcome.ts';
import type { Check } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import type { Exchange } from '../exchange.ts';
import { observed, skipped } from '../verdict.ts';

const samples = 10;

/** Pace: how fast answers come, what limits there are, and who stands in between. */
export const latency: readonly Check[] = [
  {
    name: 'latency.client-data',
    level: 'seen',
    spec: null,
    needs: 'client-data.answered',
    calls: samples,
    async run(deployment) {
      const { contract, subject } = deployment.options;
      for (let call = 0; call < samples; call += 1) {
        await deployment.send('clientData', contract.toRequest.clientData(subject.nif), { about: subject.nif });
      }
      return pace(deployment, 'clientData');
    },
  },
  ...(['altaLead', 'updateLead'] as const).map((endpoint): Check => ({
    name: `latency.${endpoint === 'altaLead' ? 'alta-lead' : 'update-lead'}`,
    level: 'seen',
    spec: null,
    needs: 'client-data.answered',
    calls: 0,
    run: async (deployment) => pace(deployment, endpoint),
  })),
  {
    name: 'latency.rate-limit',
    level: 'seen',
    spec: null,
    needs: 'authentication.accepted',
    calls: 0,
    async run(deployment) {
      const { delays, exchanges, options } = deployment;
      const named = headersLike([...exchanges, ...delays], /^(x-)?(rate-?limit|quota)|-(rate-?limit|quota)(-|$)/);
      const statuses = [...new Set(delays.map(({ httpStatus }) => `HTTP ${httpStatus}`))].join(', ');
      const asked =
        delays.length === 0
          ? 'never asked to come back later'
          : `asked to come back later ${delays.length} × (${statuses})`;
      const got = `${asked}; ${named || 'no header speaks of a limit'}`;
      const set = delays.length === 0 ? null : `LEADS_API_RATE_PER_SECOND: less than ${options.ratePerSecond}`;
      return observed('limits of the rate that show', got, set);
    },
  },
  {
    name: 'latency.in-between',
    level: 'seen',
    spec: null,
    needs: 'authentication.accepted',
    calls: 0,
    async run({ exchanges }) {
      const named = headersLike(
        exchanges,
        /^(server|via|x-powered-by|x-cache|x-served-by|cf-ray|x-amz.*|x-kong.*|apigw.*|x-correlation-id|x-request-id|x-trace-id)$/,
      );
      return observed('server, gateway and trace headers', named || 'none');
    },
  },
  {
    name: 'latency.keep-alive',
    level: 'seen',
    spec: null,
    needs: 'authentication.accepted',
    calls: 0,
    async run(deployment) {
      const opened = deployment.connections();
      const calls = deployment.exchanges.length;
      const kept = headersLike(deployment.exchanges, /^(connection|keep-alive)$/);
      return observed(
        'connections that are kept',
        `${calls} calls over ${opened} ${opened === 1 ? 'connection' : 'connections'}; ${kept || 'no header about it'}`,
      );
    },
  },
];

function pace({ exchanges, options }: Deployment, endpoint: Endpoint) {
  const expected = `how long an answer takes, against LEADS_API_TIMEOUT_MS ${options.timeoutMs}`;
  const sorted = exchanges
    .filter((exchange) => exchange.endpoint === endpoint && exchange.httpStatus !== null)
    .map(({ latencyMs }) => latencyMs)
    .toSorted((a, b) => a - b);
  if (sorted.length === 0) return skipped(expected, 'no such call was made');
  const [p50, p95] = [quantile(sorted, 0.5), quantile(sorted, 0.95)];
  return observed(
    expected,
    `p50 ${Math.ceil(p50)} ms, p95 ${Math.ceil(p95)} ms over ${sorted.length} calls`,
    paceSetting(p95, options),
  );
}

function paceSetting(p95Ms: number, { timeoutMs, ratePerSecond, concurrency }: Deployment['options']): string | null {
  if (p95Ms * 3 > timeoutMs) return `LEADS_API_TIMEOUT_MS: at least ${Math.ceil((p95Ms * 3) / 1_000) * 1_000}`;
  const inFlight = Math.ceil((ratePerSecond * p95Ms) / 1_000);
  if (inFlight <= concurrency) return null;
  return `LEADS_API_CONCURRENCY: ${inFlight}, to reach ${ratePerSecond} calls a second`;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Name and last value of every header that matches. */
function headersLike(answers: readonly Pick<Exchange, 'headers'>[], names: RegExp): string {
  const seen = new Map<string, string>();
  for (const { headers } of answers) {
    for (const [name, value] of Object.entries(headers)) if (names.test(name)) seen.set(name, value.slice(0, 60));
  }
  return [...seen].map(([name, value]) => `${name}: ${value}`).join('; ');
}

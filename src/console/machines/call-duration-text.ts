import { callBuckets, type CallTotal } from '../../app/ports/call-tallies.ts';
import { metricNames } from './metric-names.ts';

/**
 * The histogram of call durations in the Prometheus text format. By our own hand: a histogram of prom-client counts what
 * it is told one by one, and these come counted from the ledger.
 */
export function callDurationText(totals: readonly CallTotal[]): string {
  const { name, help } = metricNames.callDuration;
  const sent = totals.filter(({ outcome }) => outcome !== 'withheld');
  const lines = [...Map.groupBy(sent, ({ endpoint }) => endpoint)].flatMap(([endpoint, ofEndpoint]) => {
    let n = 0;
    const buckets = [...callBuckets.map(String), '+Inf'].map((le, at) => {
      n += sum(ofEndpoint.map(({ buckets: counted }) => counted[at] ?? 0));
      return `${name}_bucket{endpoint="${endpoint}",le="${le}"} ${n}`;
    });
    const seconds = sum(ofEndpoint.map(({ ms }) => ms)) / 1_000;
    return [...buckets, `${name}_sum{endpoint="${endpoint}"} ${seconds}`, `${name}_count{endpoint="${endpoint}"} ${n}`];
  });
  return ['', `# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, n) => all + n, 0);
}

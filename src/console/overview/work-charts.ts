import { html } from 'hono/html';
import type { Html } from '../frame/frame.ts';
import { barChart, type Bar } from '../shown/bar-chart.ts';
import { showNumber } from '../shown/number.ts';
import { minutesOf } from './api-health.ts';
import type { Overview } from './read-overview.ts';

/** Rows that came through, and rows that were still to be done, minute by minute over the last hour. */
export function workCharts({ backlog, minutes, now }: Overview): Html {
  // A lead takes one client check that is answered, a status update one push.
  const passed = minutesOf(
    minutes.filter(({ endpoint, outcome }) => endpoint !== 'altaLead' && ['answered', 'refused'].includes(outcome)),
    now,
    (ofMinute) => ({ well: ofMinute.reduce((sum, { n }) => sum + n, 0), bad: 0 }),
  );
  const waiting = minutesOf<Overview['backlog'][number], Bar>(backlog, now, (ofMinute) =>
    ofMinute.length === 0 ? null : { well: ofMinute.reduce((sum, { rows }) => sum + rows, 0), bad: 0 },
  );
  return html`${throughput(passed)} ${backlogChart(waiting)}`;
}

function throughput(bars: readonly { readonly well: number; readonly bad: number }[]): Html {
  const all = bars.reduce((sum, { well }) => sum + well, 0);
  if (all === 0) return html``;
  const most = Math.max(...bars.map(({ well }) => well));
  return barChart(
    bars,
    `Rows a minute over the last hour: ${showNumber(all)} in all, ${showNumber(most)} in the busiest minute`,
  );
}

function backlogChart(bars: readonly Bar[]): Html {
  const known = bars.filter((bar) => bar !== null).map(({ well }) => well);
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || Math.max(...known) === 0) return html``;
  return barChart(
    bars,
    `Rows still to be done over the last hour: ${showNumber(first)} at first, ${showNumber(Math.max(...known))} at most, ${showNumber(last)} now`,
  );
}

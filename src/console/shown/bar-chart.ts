import { html } from 'hono/html';
import type { Html } from '../frame/frame.ts';

/** A bar: what went well of it below, what went badly at its foot. Null: nothing is known of that minute. */
export type Bar = { readonly well: number; readonly bad: number } | null;

const height = 40;

/** An hour, a bar a minute. `says` is what it shows in words: below it for who sees it, in its place for who does not. */
export function barChart(bars: readonly Bar[], says: string): Html {
  const most = Math.max(1, ...bars.map((bar) => (bar === null ? 0 : bar.well + bar.bad)));
  const rect = (look: string, at: number, top: number, tall: number) =>
    html`<rect class="${look}" x="${at * 5}" y="${(height - top).toFixed(1)}" width="4" height="${tall.toFixed(1)}" />`;
  const drawn = bars.map((bar, at) => {
    if (bar === null) return '';
    const tall = ((bar.well + bar.bad) / most) * height;
    const badTall = (bar.bad / most) * height;
    return html`${tall > badTall ? rect('good', at, tall, tall - badTall) : ''}${bar.bad > 0 ? rect('bad', at, badTall, badTall) : ''}`;
  });
  return html`<figure class="chart">
    <svg viewBox="0 0 ${Math.max(1, bars.length * 5 - 1)} ${height}" role="img" aria-label="${says}">${drawn}</svg>
    <figcaption>${says}.</figcaption>
  </figure>`;
}

import { html } from 'hono/html';
import { sayBreaker, sayHalt, sayPause, sayProbe, sayRollCall } from '../../view/stop-words.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { barChart } from '../shown/bar-chart.ts';
import { showNumber } from '../shown/number.ts';
import { endpointWords, healthSince, minutesOfCalls, type EndpointHealth, type MinuteOfCalls } from './api-health.ts';
import type { Overview } from './read-overview.ts';
import { stopForms } from './stop-forms.ts';

const recentMinutes = 15;

/** How the Leads API does: what stops calls, and how those of late went. */
export function apiCard(
  { stock, minutes, now }: Overview,
  { visitor, timeZone }: { readonly visitor: Visitor; readonly timeZone: string },
): Html {
  const { breaker, halts, pauses, rollCall } = stock;
  const isClosed = breaker.state === 'closed';
  const probe = sayProbe(breaker, now);
  const recent = healthSince(minutes, new Date(now.getTime() - recentMinutes * 60_000));
  return html`<section class="card" aria-labelledby="api">
    <h2 id="api">
      Leads API <span class="badge ${isClosed ? 'good' : 'bad'}">${isClosed ? 'calls go' : 'calls are held'}</span>
    </h2>
    <p>${sentence(sayBreaker(breaker, timeZone))}</p>
    ${probe === '' ? '' : html`<p>${sentence(probe)}</p>`}
    ${halts.map((halt) => html`<p class="notice bad">${sentence(sayHalt(halt, timeZone))}</p>`)}
    ${pauses.map((pause) => html`<p class="notice">${sentence(sayPause(pause, timeZone))}</p>`)}
    ${rollCall === null ? '' : html`<p class="notice">${sentence(sayRollCall(rollCall, timeZone))}</p>`}
    ${stopForms(stock, visitor)} ${callChart(minutesOfCalls(minutes, now))}
    <table class="compact">
      <caption>
        Calls of the last ${recentMinutes} minutes
      </caption>
      <thead>
        <tr>
          <th scope="col">endpoint</th>
          <th scope="col" class="number">calls</th>
          <th scope="col" class="number">went badly</th>
          <th scope="col" class="number">on average</th>
        </tr>
      </thead>
      <tbody>
        ${recent.map(healthRow)}
      </tbody>
    </table>
  </section>`;
}

function healthRow({ endpoint, calls, bad, meanMs }: EndpointHealth): Html {
  return html`<tr>
    <th scope="row">${endpointWords[endpoint]}</th>
    <td class="number">${showNumber(calls)}</td>
    <td class="number ${bad > 0 ? 'bad' : ''}">${bad === 0 ? '0' : `${showNumber(bad)} (${percent(bad, calls)})`}</td>
    <td class="number">${meanMs === null ? '–' : `${showNumber(Math.round(meanMs))} ms`}</td>
  </tr>`;
}

/** An hour of calls, a bar a minute. */
function callChart(minutes: readonly MinuteOfCalls[]): Html {
  const most = Math.max(...minutes.map(({ well, bad }) => well + bad));
  if (most === 0) return html`<p class="quiet">No call within the last hour.</p>`;
  const all = minutes.reduce((sum, { well, bad }) => sum + well + bad, 0);
  const allBad = minutes.reduce((sum, { bad }) => sum + bad, 0);
  const says = `Calls a minute over the last hour: ${showNumber(all)} in all, ${showNumber(most)} in the busiest minute, ${percent(allBad, all)} went badly`;
  return barChart(minutes, says);
}

function percent(part: number, all: number): string {
  const share = all === 0 ? 0 : (part / all) * 100;
  if (share === 0) return '0 %';
  return share < 0.1 ? '< 0.1 %' : `${share < 10 ? share.toFixed(1) : Math.round(share)} %`;
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

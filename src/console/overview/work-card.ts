import { html } from 'hono/html';
import type { Instance } from '../../app/ports/ledger-pages.ts';
import { sayDuration } from '../../view/duration.ts';
import { isOpenState } from '../../view/outcome-words.ts';
import type { Html } from '../frame/frame.ts';
import { showNumber } from '../shown/number.ts';
import { since } from '../shown/when.ts';
import { healthSince } from './api-health.ts';
import type { Overview } from './read-overview.ts';
import { workCharts } from './work-charts.ts';

const paceMinutes = 15;

/** What is still to be done, how long it will take, and who does it. */
export function workCard(overview: Overview, timeZone: string): Html {
  const { stock, longestDue, instances, now } = overview;
  const open = { lead: 0, update: 0 };
  for (const { kind, state, n } of stock.counts) if (isOpenState(state)) open[kind] += n;
  const due = longestDue.map(
    ({ kind, dueForMs }) =>
      html`<p class="quiet">
        The ${kind === 'lead' ? 'lead' : 'status update'} that is due longest has been so for ${sayDuration(dueForMs)}.
      </p>`,
  );
  return html`<section class="card" aria-labelledby="work">
    <h2 id="work">Work</h2>
    <dl class="figures">
      <div>
        <dt>leads open</dt>
        <dd>${showNumber(open.lead)}</dd>
      </div>
      <div>
        <dt>updates open</dt>
        <dd>${showNumber(open.update)}</dd>
      </div>
    </dl>
    ${forecast(open, overview)} ${open.lead + open.update === 0 ? '' : due} ${workCharts(overview)}
    <h3>Services</h3>
    ${
      instances.length === 0
        ? html`<p>None is alive. <code>leadsync run</code> starts one.</p>`
        : html`<ul class="plain">
            ${instances.map((instance) => service(instance, now, timeZone))}
          </ul>`
    }
  </section>`;
}

/** A lead takes one client check that is answered, a status update one push. */
function forecast(open: { readonly lead: number; readonly update: number }, { minutes, now }: Overview): Html {
  if (open.lead + open.update === 0) return html`<p class="quiet">Nothing waits.</p>`;
  const recent = healthSince(minutes, new Date(now.getTime() - paceMinutes * 60_000));
  const done = (endpoint: string) => {
    const health = recent.find((one) => one.endpoint === endpoint);
    return health === undefined ? 0 : health.calls - health.bad;
  };
  const takes = [
    [open.lead, done('clientData')],
    [open.update, done('updateLead')],
  ] as const;
  if (takes.some(([rows, calls]) => rows > 0 && calls === 0))
    return html`<p class="quiet">None of it has moved within ${paceMinutes} minutes.</p>`;
  const ms = Math.max(...takes.map(([rows, calls]) => (rows === 0 ? 0 : (rows / calls) * paceMinutes * 60_000)));
  return html`<p>At the pace of the last ${paceMinutes} minutes it takes about ${sayDuration(ms)}.</p>`;
}

function service({ host, roles, startedAt, heartbeatAt, isAlive }: Instance, now: Date, timeZone: string): Html {
  return html`<li>
    <b>${host}</b> <span class="quiet">${roles.join(', ')}</span>
    ${
      isAlive
        ? html`<span class="quiet">up for ${since(startedAt, now, timeZone)}</span>`
        : html`<span class="badge bad">silent for ${since(heartbeatAt, now, timeZone)}</span>`
    }
  </li>`;
}

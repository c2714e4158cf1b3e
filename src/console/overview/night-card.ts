import { html } from 'hono/html';
import type { PartnerNight } from '../../app/read-night.ts';
import type { PartnerDue } from '../../app/read-expected.ts';
import { dueWords, sayArrivals, sayExpectation, sayForecast, sayRun, sayStoppage } from '../../view/night-words.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfFile } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { outcomeBar } from '../shown/outcome-bar.ts';
import type { Tone } from '../shown/state-badge.ts';
import type { Overview } from './read-overview.ts';

const dueTones: Readonly<Record<PartnerDue['state'], Tone>> = {
  expected: 'open',
  met: 'good',
  late: 'warn',
  missing: 'bad',
  too_many: 'bad',
};

/** Last night, partner by partner: what was expected, what came, what has become of it, and what stopped it. */
export function nightCard({ night }: Overview, timeZone: string): Html {
  const { partners, stoppages, isOver } = night;
  return html`<section aria-labelledby="night">
    <h2 id="night">Night of ${night.night}${isOver ? '' : ', under way'}</h2>
    ${
      partners.length === 0
        ? html`<p class="quiet">No file came, and no partner config says which to expect (<code>expect:</code>).</p>`
        : listing(
            partners,
            [
              { header: 'partner', isPlain: true, cell: ({ partner }) => partner },
              { header: 'expected', look: 'wide', isPlain: true, cell: (partner) => expectedCell(partner, timeZone) },
              { header: 'files', cell: filesCell },
              { header: 'outcomes', isPlain: true, cell: outcomesCell },
              { header: 'run', look: 'wide', isPlain: true, cell: (partner) => runCell(partner, timeZone) },
            ],
            { caption: `The night of ${night.night} by partner` },
          )
    }
    ${stoppages.map((stoppage) => html`<p class="notice">${upperFirst(sayStoppage(stoppage, timeZone))}</p>`)}
  </section>`;
}

function expectedCell({ expected }: PartnerNight, timeZone: string): Html | null {
  if (expected.length === 0) return null;
  return html`<ul class="plain">
    ${expected.map(
      (due) =>
        html`<li>
          <span class="badge ${dueTones[due.state]}">${dueWords[due.state].toLowerCase()}</span>
          ${sayExpectation(due.expectation)}; came: ${sayArrivals(due, timeZone)}
        </li>`,
    )}
  </ul>`;
}

const mostNamed = 4;

function filesCell({ files }: PartnerNight): Html {
  if (files.length === 0) return html`none`;
  const named = files.slice(0, mostNamed).map(({ id }) => html`<a href="${hrefOfFile(id)}">${id}</a> `);
  return html`${named}${files.length > mostNamed ? `and ${files.length - mostNamed} more` : ''}`;
}

function outcomesCell({ outcomes }: PartnerNight): Html | null {
  const counts: Record<string, number> = {};
  for (const ofKind of Object.values(outcomes))
    for (const [state, n] of Object.entries(ofKind)) counts[state] = (counts[state] ?? 0) + n;
  return Object.keys(counts).length === 0 ? null : outcomeBar(counts);
}

function runCell(night: PartnerNight, timeZone: string): Html | null {
  const forecast = sayForecast(night, timeZone);
  const said = [...sayRun(night, timeZone), ...(forecast === null ? [] : [forecast])];
  return said.length === 0 ? null : html`${said.join('; ')}`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

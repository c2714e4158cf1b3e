import { html } from 'hono/html';
import type { LedgerViews } from '../../app/ports/ledger.ts';
import type { ReplayClass, ReplayGroup } from '../../app/ports/replay-ledger.ts';
import { faults } from '../../domain/faults.ts';
import { sayDuration } from '../../view/duration.ts';
import { replayClasses } from '../../view/replay-words.ts';
import { actForm, canAct } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { choice } from '../shown/choice.ts';
import { hrefOfDoubts, hrefOfReplay, hrefOfReplayPreview, hrefOfRows } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { rowChoices } from '../shown/row-choices.ts';
import { rowBadge } from '../shown/state-badge.ts';
import { textFilter } from '../shown/text-filter.ts';
import { replayRate } from './replay-rate.ts';
import { digestOf, fieldsOfSelection, type SelectionAsked } from './read-selection.ts';

interface Preview {
  readonly asked: SelectionAsked;
  readonly groups: readonly ReplayGroup[];
  /** Replays that are under way. */
  readonly running: readonly string[];
  readonly partners: readonly string[];
  /** Of all rows. */
  readonly counts: Awaited<ReturnType<LedgerViews['counts']>>;
}

interface By {
  readonly visitor: Visitor;
  readonly ratePerSecond: number;
}

/** What a replay would do, by class; then why, and how fast. */
export function previewPage(preview: Preview, by: By): Html {
  const { asked, groups, running } = preview;
  const safe = countOf(groups, 'safe');
  return html`<p class="back"><a href="/replays">‹ Replays</a></p>
    <h1>What a replay would do</h1>
    ${running.map(
      (id) => html`<p class="notice"><a href="${hrefOfReplay(id)}">Replay ${id}</a> is under way already.</p>`,
    )}
    ${filterForm(preview)} ${asked.isFaulty ? html`<p class="notice bad" role="alert">${sayFaults(asked)}</p>` : ''}
    ${asked.isEverything ? choices(preview) : ''}
    ${!asked.isFaulty && !asked.isEverything && groups.length === 0 ? nothing() : ''}
    ${replayClasses.map((name) =>
      section(
        name,
        groups.filter((group) => group.class === name),
        asked,
      ),
    )}
    ${safe > 0 ? goForm(preview, by, safe) : ''}`;
}

function sayFaults({ asked, isFaulty }: SelectionAsked): string {
  const told = Object.entries(asked.faults).map(([name, says]) => `${name}: ${says}`);
  return told.join(' ') || (isFaulty ? 'row: Expected the number of a row.' : '');
}

/** What there is to choose from: nothing is replayed because nobody chose. */
function choices({ counts }: Preview): Html {
  const parked = counts.filter(({ state, n }) => n > 0 && (state === 'failed' || state === 'rejected'));
  if (parked.length === 0)
    return html`<div class="card none">
      <h2>Nothing to replay</h2>
      <p>No row has failed or was rejected.</p>
    </div>`;
  return html`<section aria-labelledby="choices">
    <h2 id="choices">Choose what</h2>
    ${listing(
      parked,
      [
        {
          header: 'rows',
          cell: ({ partner, kind, state, n }) =>
            html`<a href="${hrefOfReplayPreview({ partner, kind, state })}">${showNumber(n)}</a>`,
        },
        { header: 'partner', isPlain: true, cell: ({ partner }) => partner },
        { header: 'kind', isPlain: true, cell: ({ kind }) => (kind === 'lead' ? 'leads' : 'status updates') },
        { header: 'state', isPlain: true, cell: ({ state }) => rowBadge(state) },
      ],
      { caption: 'Rows that failed or were rejected, by partner' },
    )}
  </section>`;
}

function nothing(): Html {
  return html`<div class="card none">
    <h2>No row fits</h2>
    <p>Nothing failed, was rejected or is in doubt there. <a href="/replays/new">All rows that can be replayed</a></p>
  </div>`;
}

function countOf(groups: readonly ReplayGroup[], name: ReplayClass): number {
  return groups.filter((group) => group.class === name).reduce((sum, { n }) => sum + n, 0);
}

const headings: Readonly<Record<ReplayClass, readonly [heading: string, says: string]>> = {
  safe: [
    'Go back to work',
    'Proven not to have created anything. The partner’s file is read again with the mapping in force; consent and client check come first.',
  ],
  in_doubt: ['Stay in doubt', 'They may have arrived: a replay could create them twice. A person finds out.'],
  needs_corrected_file: [
    'Stay: to be corrected',
    'Refused for what the row itself says. Only a corrected file of the partner changes that.',
  ],
  not_replayable: ['Stay as they are', 'Ended for good, at work, or of a file that was turned away.'],
};

function section(name: ReplayClass, groups: readonly ReplayGroup[], { asked }: SelectionAsked): Html {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  if (n === 0) return html``;
  const [heading, says] = headings[name];
  const linkOf = ({ partner, kind, state, code }: ReplayGroup) =>
    hrefOfRows({ ...asked.typed, partner, kind, state, ...(code === null ? {} : { code }) });
  return html`<section aria-labelledby="${name}">
    <h2 id="${name}">${heading}: ${showNumber(n)} ${n === 1 ? 'row' : 'rows'}</h2>
    <p>${says} ${name === 'in_doubt' ? html`<a href="${hrefOfDoubts()}">The work list</a>` : ''}</p>
    ${listing(
      groups,
      [
        {
          header: 'rows',
          look: 'number',
          cell: (group) => html`<a href="${linkOf(group)}">${showNumber(group.n)}</a>`,
        },
        { header: 'partner', isPlain: true, cell: ({ partner }) => partner },
        { header: 'kind', isPlain: true, cell: ({ kind }) => (kind === 'lead' ? 'leads' : 'status updates') },
        { header: 'state', isPlain: true, cell: ({ state }) => rowBadge(state) },
        {
          header: 'code',
          look: 'wide',
          isPlain: true,
          cell: ({ code }) => (code === null ? null : html`<code>${code}</code> ${faults[code].means}`),
        },
      ],
      { caption: heading },
    )}
  </section>`;
}

function goForm({ asked, groups }: Preview, { visitor, ratePerSecond }: By, safe: number): Html {
  const rate = replayRate('', { ratePerSecond }) ?? 1;
  const rows = `${showNumber(safe)} ${safe === 1 ? 'row' : 'rows'}`;
  if (!canAct(visitor, 'operator')) return html`<p class="quiet">It takes an operator to replay them.</p>`;
  return html`<section class="card" aria-labelledby="go">
    <h2 id="go">Replay ${rows}</h2>
    ${actForm(visitor, {
      to: '/replays',
      id: 'replay',
      needs: 'operator',
      label: `Replay ${rows}`,
      isOpen: true,
      about: `What is shown is what is replayed: a row that moves meanwhile stays as it is. At the rate of calls it takes about ${sayDuration((safe / rate) * 1_000)}.`,
      hidden: { ...fieldsOfSelection(asked.selection), seen: digestOf(groups) },
      fields: html`<p>
        <label for="replay-rate">Rows a second, at most</label>
        <input id="replay-rate" name="rate" value="${rate}" inputmode="numeric" required autocomplete="off" />
      </p>`,
    })}
  </section>`;
}

const replayable = ['failed', 'rejected', 'not_managed', 'cancelled'];

function filterForm({ asked: { asked, row }, partners }: Preview): Html {
  const { typed, filter } = asked;
  const text = (name: 'night' | 'since' | 'until', label: string, placeholder: string) =>
    textFilter({ name, label, placeholder, typed: typed[name] });
  const number = (name: 'file' | 'row', value: string | null | undefined) =>
    textFilter({ name, label: name, placeholder: 'its number', typed: value ?? undefined, mode: 'numeric' });
  return html`<form class="filters" method="get" action="/replays/new" role="search" aria-label="Rows to replay">
    ${choice({ name: 'partner', label: 'partner', values: withChosen(partners, typed.partner), chosen: typed.partner ?? null })}
    ${rowChoices(filter, withChosen(replayable, filter.state))} ${number('file', typed.file)} ${number('row', row)}
    ${text('night', 'night', '2026-11-24')} ${text('since', 'changed since', '2h, 2026-06-01')}
    ${text('until', 'changed before', '2026-06-01 02:30')}
    <p class="actions"><button class="main">Show</button> <a class="button" href="/replays/new">Clear</a></p>
  </form>`;
}

function withChosen(values: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || values.includes(chosen) ? values : [...values, chosen];
}

import { sayTakenValues } from '../../view/taken-values.ts';
import { html } from 'hono/html';
import type { LedgerRow } from '../../app/ports/row.ts';
import { maskPersonal } from '../../domain/mask-personal.ts';
import type { LeadLife, UpdateOfLead } from '../../view/lead-life.ts';
import { outcomeWords } from '../../view/outcome-words.ts';
import { rowAdvice } from '../../view/row-advice.ts';
import { sayPlace } from '../../view/row-json.ts';
import { wholeTimeline } from '../../view/timeline.ts';
import { actForm, canAct } from '../acts/act-form.ts';
import { resolveForm } from '../doubts/resolve-form.ts';
import { verdictsFor } from '../doubts/verdicts.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { facts } from '../shown/facts.ts';
import { faultNotice } from '../shown/fault-notice.ts';
import { hrefOfFile, hrefOfReplayPreview, hrefOfRow } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { momentList } from '../shown/moment-list.ts';
import { rowBadge } from '../shown/state-badge.ts';
import { when, whenShort } from '../shown/when.ts';
import type { Back } from './back-of.ts';

interface Page {
  readonly timeZone: string;
  /** Leads to the listing. */
  readonly back: Back;
  readonly visitor: Visitor;
  /** Of a row in doubt: how long until it could be sent again. 0: now. */
  readonly sendAgainInMs: number;
}

/** One row's whole life: how it stands and why, what can be done, what it is, and all that happened. */
export function leadPage(life: LeadLife, page: Page): Html {
  const { timeZone, back } = page;
  const { row, updates } = life;
  const isLead = row.kind === 'lead';
  return html`<p class="back"><a href="${back.href}">‹ ${back.label}</a></p>
    <div class="title">
      <h1>${isLead ? 'Lead' : 'Status update'}, row ${row.id} of ${row.partner}</h1>
      ${rowBadge(row.state)}
    </div>
    <p class="who">${upperFirst(outcomeWords[row.state].means)}.</p>
    ${trouble(life)}
    <div class="beside">
      <div>
        ${advice(life, page)}
        <section aria-labelledby="history">
          <h2 id="history">History</h2>
          ${momentList(
            wholeTimeline(life, isLead ? updates.map((update) => ({ ...update, called: called(update) })) : []),
            timeZone,
          )}
        </section>
        ${isLead ? updateTable(updates, timeZone) : ''}
      </div>
      <section class="card" aria-labelledby="facts">
        <h2 id="facts">${isLead ? 'The lead' : 'The update'}</h2>
        ${factsOf(life, timeZone)} ${revealForm(life, page)}
      </section>
    </div>`;
}

function called({ row, estado }: UpdateOfLead): string {
  return `update ${row.id}, estado ${estado}`;
}

function trouble({ row, json }: LeadLife): Html {
  const problems = row.problems.length > 0 || row.code === null ? row.problems : [{ code: row.code }];
  const tone = row.state === 'rejected' ? 'warn' : 'bad';
  return html`${problems.map((problem) =>
    faultNotice(problem.code, {
      tone,
      ...('column' in problem && problem.column !== undefined ? { column: problem.column } : {}),
    }),
  )}
  ${json.message === null ? '' : html`<p class="notice">The API says: “${json.message}”</p>`}`;
}

/** Nothing personal is shown unless somebody asks for it, and says why. */
function revealForm({ row }: LeadLife, { visitor }: Page): Html {
  if (sayTakenValues(row) !== null) return html``;
  return html`<div class="acts">
    ${actForm(visitor, {
      to: `${hrefOfRow(row.id)}/reveal`,
      id: 'reveal',
      needs: 'operator',
      label: 'Show its personal data',
      button: 'Show it',
      about: 'What the row says of the person, once. It is audited that you looked, and why.',
    })}
  </div>`;
}

function advice({ row, updates }: LeadLife, { visitor, sendAgainInMs }: Page): Html {
  const rows = row.kind === 'lead' ? [row, ...updates.map((update) => update.row)] : [row];
  const ways = rows.flatMap((each) => rowAdvice(each));
  if (ways.length === 0) return html``;
  return html`<section aria-labelledby="advice">
    <h2 id="advice">What can be done</h2>
    ${canAct(visitor, 'operator') ? rows.map((each) => act(each, row, { visitor, sendAgainInMs })) : ''}
    <ul class="needs">
      ${ways.map(
        ({ when: inCase, command }) =>
          html`<li class="card">
            <p>When ${inCase}:</p>
            <p><code>${command}</code></p>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** The act itself for the row of this page; for its updates the way to theirs. */
function act(each: LedgerRow, shown: LedgerRow, of: Pick<Page, 'sendAgainInMs' | 'visitor'>): Html {
  const [way] = rowAdvice(each);
  if (way === undefined) return html``;
  if (each.id !== shown.id)
    return html`<p><a href="${hrefOfRow(each.id)}">Status update ${each.id}</a> waits for a person.</p>`;
  if (verdictsFor(each).length > 0) return resolveForm(each, { ...of, from: 'row' });
  return html`<p><a class="button" href="${hrefOfReplayPreview({ row: each.id })}">Replay it…</a></p>`;
}

function factsOf({ row, json, updates }: LeadLife, timeZone: string): Html {
  const answer = row.clientAnswer;
  const check =
    answer === null
      ? null
      : html`partnerManage ${String(answer.partnerManage)}, client ${String(answer.client)}, agentId
        ${answer.agentId ?? 'none'}${row.checkedAt === null ? '' : html`, ${when(row.checkedAt, timeZone)}`}`;
  return facts([
    ['partnerLeadId', json.partnerLeadId === null ? null : maskPersonal(json.partnerLeadId)],
    ['leadId', row.leadId],
    ['idLanding', row.idLanding],
    ['agenteId', row.agenteId],
    ['estado', row.kind === 'update' ? updates[0]?.estado : null],
    [
      'came in',
      row.fileId === null
        ? sayPlace(row)
        : html`<a href="${hrefOfFile(row.fileId)}">file ${row.fileId}</a>, row ${row.rowNumber ?? ''}`,
    ],
    ['its lead', row.leadRow === null ? null : html`<a href="${hrefOfRow(row.leadRow)}">row ${row.leadRow}</a>`],
    [
      'duplicate of',
      row.duplicateOf === null ? null : html`<a href="${hrefOfRow(row.duplicateOf)}">row ${row.duplicateOf}</a>`,
    ],
    ['client check', check],
    ['next', row.nextAt === null ? null : html`${row.step ?? 'work'} at ${when(row.nextAt, timeZone)}`],
    ['tries', row.attempts === 0 ? null : String(row.attempts)],
    ['replays', row.replays === 0 ? null : String(row.replays)],
    ['warnings', warningsOf(row.warnings)],
    ['values', sayTakenValues(row)],
    ['read', when(row.createdAt, timeZone)],
    ['changed', when(row.updatedAt, timeZone)],
  ]);
}

function warningsOf(warnings: LeadLife['row']['warnings']): Html | null {
  if (warnings.length === 0) return null;
  return html`<ul class="plain">
    ${warnings.map(({ code, column }) => html`<li><code>${code}</code>${column === undefined ? '' : ` in ${column}`}</li>`)}
  </ul>`;
}

function updateTable(updates: readonly UpdateOfLead[], timeZone: string): Html {
  if (updates.length === 0) return html``;
  return html`<section aria-labelledby="updates">
    <h2 id="updates">Status updates</h2>
    ${listing(
      updates,
      [
        { header: 'row', cell: ({ row }) => html`<a href="${hrefOfRow(row.id)}">${row.id}</a>` },
        { header: 'came in', isPlain: true, cell: ({ row }) => sayPlace(row) },
        { header: 'estado', cell: ({ estado }) => estado },
        { header: 'state', isPlain: true, cell: ({ row }) => rowBadge(row.state) },
        {
          header: 'code',
          isPlain: true,
          cell: ({ row }) => (row.code === null ? null : html`<code>${row.code}</code>`),
        },
        { header: 'changed', cell: ({ row }) => whenShort(row.updatedAt, timeZone) },
      ],
      { caption: 'Status updates of this lead, oldest first' },
    )}
  </section>`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

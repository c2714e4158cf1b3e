import { html, raw } from 'hono/html';
import type { AuditEvent } from '../../app/ports/audit-pages.ts';
import { describeAuditFault } from '../../domain/audit-faults.ts';
import { canAct } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { choice } from '../shown/choice.ts';
import { hrefOfFile, hrefOfRow, withQuery } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { textFilter } from '../shown/text-filter.ts';
import { when } from '../shown/when.ts';
import type { AuditListed } from './read-audit.ts';
import type { Verification } from './verification.ts';

interface At {
  readonly verification: Verification;
  readonly visitor: Visitor;
  readonly timeZone: string;
}

/** Whether the log is whole, and what stands in it. */
export function auditPage(listed: AuditListed, at: At): Html {
  const { events, faults, isNewest, lookedAt, next, typed } = listed;
  const hasFaults = Object.keys(faults).length > 0;
  const to = (place: Readonly<Record<string, string>>) => withQuery('/audit', { ...typed, ...place });
  return html`<h1>Audit log</h1>
    ${verificationCard(at)} ${filterForm(listed)}
    ${hasFaults ? '' : events.length === 0 ? nothingFits(listed) : eventTable(events, at.timeZone)}
    ${
      lookedAt === null
        ? ''
        : html`<p class="notice">
            ${showNumber(lookedAt)} events were looked at for this page. There may be more further back.
          </p>`
    }
    <nav class="pages" aria-label="Pages">
      ${isNewest ? '' : html`<a class="button" href="${to({})}">Newest</a>`}
      ${
        next === null
          ? ''
          : html`<a class="button" rel="next" href="${to({ before: next })}"
              >${lookedAt === null ? 'Older ›' : 'Look further ›'}</a
            >`
      }
    </nav>`;
}

function verificationCard({ verification, visitor, timeZone }: At): Html {
  return html`<section class="card seals" aria-labelledby="seals">
    <h2 id="seals">Is it as it was sealed?</h2>
    ${verdictOf(verification, timeZone)}
    ${
      verification.kind === 'under_way' || !canAct(visitor, 'operator')
        ? ''
        : html`<form method="post" action="/audit/verify">
            <input type="hidden" name="form" value="${visitor.formToken}" />
            <button>Check it now</button>
          </form>`
    }
  </section>`;
}

function verdictOf(verification: Verification, timeZone: string): Html {
  switch (verification.kind) {
    case 'never':
      return html`<p class="quiet">
        This console has not looked yet. <code>leadsync audit verify</code> does, too, with checkpoints from elsewhere.
      </p>`;
    case 'under_way': {
      const { all, by, entries } = verification;
      return html`<p role="status">
        ${by} has it checked: ${showNumber(entries)} of about ${showNumber(all)} entries.
      </p>`;
    }
    case 'failed':
      return html`<p class="notice bad">It could not be checked, ${when(verification.at, timeZone)}.</p>`;
    case 'done': {
      const { at, by, checkpoints, verdict } = verification;
      const { entries, faultCount, faults, lastSeal, seals, unsealed } = verdict;
      const asked = html`<p class="quiet">
        ${showNumber(entries)} entries, ${showNumber(seals)} seals, ${showNumber(unsealed)} waiting for the next one,
        ${checkpoints === 0 ? 'no checkpoint from outside the database: a log that was cut off would look whole' : `${checkpoints} checkpoints from outside the database`}.
        Checked ${when(at, timeZone)} by ${by}.
      </p>`;
      if (faultCount > 0)
        return html`<div class="notice bad">
            <p><b>It is not as it was sealed:</b></p>
            ${faults.map((fault) => html`<p>${describeAuditFault(fault)}</p>`)}
            ${faultCount > faults.length ? html`<p>and ${showNumber(faultCount - faults.length)} more</p>` : ''}
          </div>
          ${asked}`;
      return html`<p>
          ${
            lastSeal === null
              ? 'Nothing is sealed yet: a running service seals every 15 seconds.'
              : html`<span class="badge good">whole</span> up to seal ${lastSeal.no} of
                  ${when(new Date(lastSeal.sealedAt), timeZone)}.`
          }
        </p>
        ${asked}`;
    }
  }
}

function filterForm({ typed, faults, isOfPeople, partners }: AuditListed): Html {
  const text = (name: 'actor' | 'action' | 'file' | 'row' | 'since' | 'until', label: string, placeholder: string) =>
    textFilter({ name, label, placeholder, typed: typed[name], fault: faults[name] });
  return html`<form class="filters" method="get" action="/audit" role="search" aria-label="Events">
    <p>
      <label for="who">events of</label>
      <select id="who" name="who">
        <option value="people" ${isOfPeople ? raw('selected') : ''}>people</option>
        <option value="all" ${isOfPeople ? '' : raw('selected')}>everybody and everything</option>
      </select>
    </p>
    ${text('actor', 'by', 'console:ana')} ${text('action', 'event', 'file.held')}
    ${choice({ name: 'partner', label: 'partner', values: partners, chosen: typed.partner ?? null })}
    ${text('file', 'file', 'its number')} ${text('row', 'row', 'its number')}
    ${text('since', 'since', '2h, 2026-06-01')} ${text('until', 'before', '2026-06-01 02:30')}
    <p class="actions"><button class="main">Show</button> <a class="button" href="/audit">Clear</a></p>
  </form>`;
}

function eventTable(events: readonly AuditEvent[], timeZone: string): Html {
  return listing(
    events,
    [
      { header: 'no.', cell: ({ seq }) => seq },
      { header: 'at', isPlain: true, cell: ({ at }) => when(at, timeZone) },
      { header: 'by', isPlain: true, cell: ({ actor }) => actor },
      { header: 'event', isPlain: true, cell: sayEvent },
      { header: 'of', isPlain: true, cell: subjectOf },
      { header: 'why', look: 'wide', cell: ({ reason }) => reason },
      { header: 'more', look: 'wide', cell: sayDetail },
    ],
    { caption: 'Events of the audit log, newest first' },
  );
}

function sayEvent({ action, from, to, code }: AuditEvent): Html {
  const move = from === null || to === null || from === to ? '' : ` ${from} → ${to}`;
  return html`<b>${action}</b>${move}${code === null ? '' : html` <code>${code}</code>`}`;
}

function subjectOf({ fileId, partner, rowId }: AuditEvent): Html | string | null {
  if (rowId !== null) return html`<a href="${hrefOfRow(rowId)}">row ${rowId}</a>`;
  if (fileId !== null) return html`<a href="${hrefOfFile(fileId)}">file ${fileId}</a>`;
  return partner;
}

/** Numbers and ids: nothing of a person is ever written there. */
function sayDetail({ detail }: AuditEvent): Html | null {
  if (typeof detail !== 'object' || detail === null) return null;
  const said = Object.entries(detail).filter(([, value]) => value !== null);
  const told = said.map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return told.length === 0 ? null : html`${told.join(', ')}`;
}

function nothingFits({ lookedAt }: AuditListed): Html {
  if (lookedAt !== null) return html``;
  return html`<div class="card none">
    <h2>No such event</h2>
    <p><a href="/audit?who=all">Every event</a></p>
  </div>`;
}

import { html, raw } from 'hono/html';
import type { LedgerRow } from '../../app/ports/row.ts';
import { sayDuration } from '../../view/duration.ts';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfRow } from '../shown/hrefs.ts';
import { verdictsFor, type OfferedVerdict } from './verdicts.ts';

interface Of {
  readonly visitor: Visitor;
  /** 0: it could be sent again now. */
  readonly sendAgainInMs: number;
  /** Where the visitor goes on afterwards. */
  readonly from: 'list' | 'row';
}

/** The ways out of a doubt, one to be chosen. Nothing where there is none, or the visitor may not. */
export function resolveForm(row: LedgerRow, { visitor, sendAgainInMs, from }: Of): Html {
  const verdicts = verdictsFor(row);
  if (verdicts.length === 0) return html``;
  const id = `resolve-${row.id}`;
  const isOnly = verdicts.length === 1;
  return actForm(visitor, {
    to: `${hrefOfRow(row.id)}/resolve`,
    id,
    needs: 'operator',
    label: isOnly ? 'Enter its leadId' : 'Resolve',
    hidden: { version: String(row.version), from, ...(isOnly ? { verdict: 'lead_id' } : {}) },
    fields: html`${isOnly ? '' : choices(verdicts, id, sendAgainInMs)}
    ${row.kind === 'lead' ? leadIdField(id, isOnly) : ''}`,
  });
}

function choices(verdicts: readonly OfferedVerdict[], id: string, sendAgainInMs: number): Html {
  return html`<fieldset>
    <legend>What is found</legend>
    ${verdicts.map(({ kind, when, then }) => {
      const isTooEarly = kind === 'send_again' && sendAgainInMs > 0;
      return html`<label class="way">
        <input type="radio" name="verdict" value="${kind}" required ${isTooEarly ? raw('disabled') : ''} />
        <span>
          ${when}
          <span class="quiet">
            →
            ${then}${isTooEarly ? ` (possible in ${sayDuration(sendAgainInMs)}: the first request could still arrive)` : ''}
          </span>
        </span>
      </label>`;
    })}
  </fieldset>`;
}

function leadIdField(id: string, isOnly: boolean): Html {
  return html`<p>
    <label for="${id}-lead-id">leadId${isOnly ? '' : ', where the insurer has one'}</label>
    <input
      id="${id}-lead-id"
      name="leadId"
      maxlength="100"
      autocomplete="off"
      spellcheck="false"
      ${isOnly ? raw('required') : ''}
    />
  </p>`;
}

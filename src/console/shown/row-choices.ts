import { html } from 'hono/html';
import { faults } from '../../domain/faults.ts';
import { isRowState, outcomeWords } from '../../view/outcome-words.ts';
import type { Html } from '../frame/frame.ts';
import { choice } from './choice.ts';

const codes = Object.keys(faults).filter((code) => /^(ROW|API)_/.test(code));

/** What rows are chosen by: kind, one of these states, and code. */
export function rowChoices(
  chosen: {
    readonly kind?: string | undefined;
    readonly state?: string | undefined;
    readonly code?: string | undefined;
  },
  states: readonly string[],
): Html {
  return html`${choice({
    name: 'kind',
    label: 'kind',
    values: ['lead', 'update'],
    chosen: chosen.kind ?? null,
    say: (kind) => (kind === 'lead' ? 'leads' : 'status updates'),
  })}
  ${choice({
    name: 'state',
    label: 'state',
    values: states,
    chosen: chosen.state ?? null,
    say: (state) => (isRowState(state) ? outcomeWords[state].word : state),
  })}
  ${choice({ name: 'code', label: 'code', values: codes, chosen: chosen.code ?? null })}`;
}

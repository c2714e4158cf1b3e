import { html } from 'hono/html';
import type { RowState } from '../../app/ports/row.ts';
import type { FileState } from '../../domain/file-life.ts';
import { outcomeWords } from '../../view/outcome-words.ts';
import type { Html } from '../frame/frame.ts';

/** How a state looks: went well, at work, over without a lead, for the partner, for a person. */
export type Tone = 'good' | 'open' | 'quiet' | 'warn' | 'bad';

const tones: Readonly<Record<RowState, Tone>> = {
  received: 'open',
  waiting: 'open',
  checked: 'open',
  submitting: 'open',
  pushing: 'open',
  registered: 'good',
  registered_without_id: 'good',
  pushed: 'good',
  not_managed: 'quiet',
  duplicate: 'quiet',
  superseded: 'quiet',
  cancelled: 'quiet',
  abandoned: 'warn',
  rejected: 'warn',
  failed: 'bad',
  in_doubt: 'bad',
};

const fileTones: Readonly<Record<FileState, Tone>> = {
  arrived: 'open',
  reading: 'open',
  read: 'open',
  settled: 'good',
  held: 'bad',
  rejected: 'bad',
  quarantined: 'bad',
};

export function toneOf(state: RowState): Tone {
  return tones[state];
}

export function rowBadge(state: RowState): Html {
  return html`<span class="badge ${tones[state]}">${outcomeWords[state].word}</span>`;
}

export function fileBadge(state: FileState): Html {
  return html`<span class="badge ${fileTones[state]}">${state}</span>`;
}

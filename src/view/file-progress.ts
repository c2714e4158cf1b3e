import type { LedgerFileView } from '../app/ports/ledger.ts';
import { isOpenState } from './outcome-words.ts';

export interface FileProgress {
  readonly rows: number;
  readonly open: number;
  /** Of the rows read so far, those that work is over for: 0 to 1. */
  readonly share: number;
  /** Nothing goes on by itself any more, until a person acts. */
  readonly isOver: boolean;
}

/** How far a file has come. Rows that it holds back wait for a person: they are open, and nothing goes on. */
export function fileProgress(file: Pick<LedgerFileView, 'state' | 'counts' | 'heldBack'>): FileProgress {
  let rows = 0;
  let open = 0;
  for (const [state, n] of Object.entries(file.counts)) {
    rows += n;
    if (isOpenState(state)) open += n;
  }
  const isSettled = file.state === 'settled' && open === 0;
  const isHeld = file.state === 'held' && open === file.heldBack;
  const isOver = isSettled || isHeld || ['rejected', 'quarantined'].includes(file.state);
  const share = rows === 0 ? (isOver && !isHeld ? 1 : 0) : (rows - open) / rows;
  return { rows, open, share, isOver };
}

/** Whole percent, never 100 while something is open. */
export function sayShare({ share, isOver }: FileProgress): string {
  const percent = Math.floor(share * 100);
  return `${isOver ? percent : Math.min(percent, 99)} %`;
}

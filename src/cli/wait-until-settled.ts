import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger, LedgerFileView } from '../app/ports/ledger.ts';
import type { ReplayLedger } from '../app/ports/replay-ledger.ts';
import type { OpenedLedger, Output } from './cli.ts';
import { fileProgress } from '../view/file-progress.ts';
import { isOpenState } from '../view/outcome-words.ts';
import { createProgress } from './progress.ts';

const pollMs = 500;
const filesWatched = 200;

/** Looks until a file, or everything, is over: settled, or nothing that goes on by itself. Says once when nobody is at work. */
export async function waitUntilSettled(
  { ledger, replays }: Pick<OpenedLedger, 'ledger' | 'replays'>,
  out: Output,
  fileId: string | null,
): Promise<void> {
  const progress = createProgress(out, fileId === null ? 'status' : `file ${fileId}`);
  let hasWarned = false;
  try {
    for (;;) {
      const look = fileId === null ? await lookAtAll(ledger, replays) : lookAtOne(await ledger.fileView(fileId));
      if (look.rows > 0) progress.show(look.rows - look.open, look.rows);
      if (look.isOver) return;
      if (!hasWarned && !(await ledger.serviceAlive('worker'))) {
        hasWarned = true;
        out.note('no `leadsync run` is at work on this ledger; waiting for one');
      }
      await pause(pollMs);
    }
  } finally {
    progress.stop();
  }
}

interface Look {
  readonly rows: number;
  readonly open: number;
  readonly isOver: boolean;
}

/** A file that does not exist is over: the look that follows says so. */
function lookAtOne(file: LedgerFileView | null): Look {
  return file === null ? { rows: 0, open: 0, isOver: true } : fileProgress(file);
}

async function lookAtAll(ledger: Ledger, replays: ReplayLedger): Promise<Look> {
  // Asked first: what a replay that has ended by then took back to work is among the counts.
  const running = await replays.runningReplays();
  const [counts, files] = await Promise.all([ledger.counts(), ledger.files({ limit: filesWatched })]);
  let rows = 0;
  let open = 0;
  for (const { state, n } of counts) {
    rows += n;
    if (isOpenState(state)) open += n;
  }
  // Rows of held files wait for a person, and nobody waits for that here.
  const heldBack = files.reduce((sum, file) => sum + (file.state === 'held' ? file.heldBack : 0), 0);
  const isOver = running.length === 0 && open === heldBack && files.every((file) => fileProgress(file).isOver);
  return { rows, open, isOver };
}

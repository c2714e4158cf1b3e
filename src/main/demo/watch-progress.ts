import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ports } from '../../app/ports.ts';
import type { Output } from '../../cli/cli.ts';

/** Waits until every file that arrived has settled, saying how far it is. Gives up with an error that names what is open. */
export async function waitUntilSettled(
  { ledger, folders }: Pick<Ports, 'ledger' | 'folders'>,
  out: Output,
  options: {
    /** Paths in the inbox that must have been taken. */ readonly dropped: readonly string[];
    readonly withinMs: number;
  },
): Promise<void> {
  const started = performance.now();
  let said = '';
  for (;;) {
    const files = await ledger.files({ limit: 1000 }).catch(() => null);
    const claimed = await folders.listClaimed().catch(() => null);
    if (files !== null && claimed !== null) {
      const open = files.filter((file) => !['settled', 'rejected', 'quarantined'].includes(file.state));
      const settling = await ledger.filesToSettle().catch(() => null);
      const rows = files.flatMap((file) => Object.entries(file.counts));
      const total = rows.reduce((sum, [, n]) => sum + n, 0);
      const atWork = rows.filter(([state]) => workStates.has(state)).reduce((sum, [, n]) => sum + n, 0);
      const isOver = !options.dropped.some(existsSync) && open.length === 0 && claimed.length === 0 && atWork === 0;
      if (isOver && settling?.length === 0) return;
      const line = `  ${files.length} files, ${open.length} open · ${total - atWork} of ${total} rows have an outcome`;
      if (line !== said) out.note(line);
      said = line;
    }
    if (performance.now() - started > options.withinMs) throw new Error(`the demo did not settle in time:${said}`);
    await pause(500);
  }
}

const workStates = new Set(['received', 'waiting', 'checked', 'submitting', 'pushing']);

import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../app/ports/ledger.ts';
import type { Cli } from './cli.ts';
import { fileProgress } from '../view/file-progress.ts';
import { sayHeld } from '../view/held-words.ts';
import { createProgress } from './progress.ts';

const atWork = new Set(['received', 'checked', 'submitting', 'pushing']);
const needsPerson = new Set(['failed', 'in_doubt']);

/** Shows a file's progress until it has settled, or until nothing but waiting is left; then says what became of its rows. */
export async function watchFile(
  { ledger }: { readonly ledger: Ledger },
  cli: Cli,
  fileId: string,
  options: { readonly wait: boolean; /** Aborted when the process is told to stop. */ readonly signal: AbortSignal },
): Promise<void> {
  const progress = createProgress(cli.out, `file ${fileId}`);
  for (;;) {
    const file = await ledger.fileView(fileId);
    if (file === null) return cli.end(1, `file ${fileId} is gone`);
    const counts = Object.entries(file.counts);
    const count = (isIn: (state: string) => boolean): number =>
      counts.filter(([state]) => isIn(state)).reduce((sum, [, n]) => sum + n, 0);
    const total = count(() => true);
    const waiting = count((state) => state === 'waiting');
    progress.show(total - waiting - count((state) => atWork.has(state)), total);
    const { isOver } = fileProgress(file);
    const isWaiting =
      !options.wait &&
      file.state === 'read' &&
      waiting > 0 &&
      count((state) => atWork.has(state)) === 0 &&
      // Rows that wait for each other go on as soon as the one before them has ended.
      !(await ledger.goesOnSoon(fileId)) &&
      // Two looks: what waited at the first may have gone on by the second.
      isDeepStrictEqual((await ledger.fileView(fileId))?.counts, file.counts);
    if (isOver || isWaiting) {
      progress.stop();
      const told = counts.filter(([, n]) => n > 0).map(([state, n]) => `${n} ${state}`);
      cli.out.print(
        `file ${fileId} ${file.state}${file.code === null ? '' : ` (${file.code})`}: ${told.join(' · ') || 'no rows'}`,
      );
      if (file.state === 'held')
        cli.out.note(`${sayHeld(file).join(' ')} \`leadsync status ${fileId}\` says what to do`);
      if (isWaiting) cli.out.note(`${waiting} rows are tried again later; \`leadsync run\` goes on with them`);
      return cli.end(file.state === 'settled' && count((state) => needsPerson.has(state)) === 0 ? 0 : 1);
    }
    if (options.signal.aborted) {
      progress.stop();
      return cli.end(1, `stopped on the way; \`leadsync run\` goes on with file ${fileId}`);
    }
    await pause(200, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

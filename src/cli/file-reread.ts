import { lookAtFile } from '../app/claim-file.ts';
import { refusal, type RefusedAct } from '../app/file-act.ts';
import type { Act } from '../app/ports/held-files.ts';
import { previewReread, rereadFile, type RereadChange } from '../app/reread-file.ts';
import { faults } from '../domain/faults.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { outcomeWords } from '../view/outcome-words.ts';
import { sayBegun } from '../view/file-taken.ts';
import { rereadEnds } from '../view/reread-words.ts';
import { createReadingProgress } from './reading-progress.ts';
import { formatTable } from './table.ts';

interface Rereading {
  readonly cli: Cli;
  readonly opened: OpenedLedger;
  readonly id: string;
  readonly act: Act;
  readonly options: { readonly json?: boolean; readonly yes?: boolean };
}

/** Shows what would change, asks, and reads the file again. */
export async function rereadCommand(
  { cli, opened, id, act, options }: Rereading,
  refuse: (refused: RefusedAct) => Promise<void>,
): Promise<void> {
  const { seen, begun } = await lookAtFile(opened, id);
  const size = (await opened.ledger.file(id))?.bytes ?? 0;
  const progress = createReadingProgress(cli.out, size);
  const preview = await previewReread(opened, id, (record) => progress.seen(record));
  progress.stop();
  if (preview.kind === 'refused') return refuse(preview);
  if (preview.kind === 'unreadable') {
    const { code } = preview;
    return cli.end(1, `the mapping in force can not read file ${id}: ${code}. ${faults[code].means}`);
  }
  if (options.json !== true) cli.out.print(formatChanges(preview.changes, cli.out.width));
  const rows = preview.changes.reduce((sum, change) => sum + change.rows, 0);
  if (begun !== null && options.yes === true) return refuse(refusal('under_way', preview.file, begun));
  if (begun !== null) cli.out.note(sayBegun(id, begun, opened.surroundings.timeZone));
  if (!(await isWanted(cli, options, rows))) return cli.out.note('nothing was read again');
  const done = await rereadFile(opened, id, { ...act, seen });
  if (done.kind === 'refused') return refuse(done);
  const readAs = done.readAs.id;
  cli.out.print(
    options.json === true
      ? JSON.stringify({ file: id, changes: preview.changes, readAs }, null, 2)
      : `file ${id} is read again as file ${readAs}; \`leadsync status ${readAs} --wait\` watches`,
  );
}

async function isWanted(cli: Cli, { yes }: Rereading['options'], rows: number): Promise<boolean> {
  if (yes === true) return true;
  // A script that did not say so has asked for the preview alone.
  if (!cli.out.isTerminal) {
    cli.out.note('without a terminal nothing is done unless --yes is given');
    return false;
  }
  return /^y(?:es)?$/i.test(await cli.out.ask(`Read ${rows} ${rows === 1 ? 'row' : 'rows'} again? [y/N]`));
}

function formatChanges(changes: readonly RereadChange[], width: number): string {
  if (changes.length === 0) return 'The file has no rows.';
  return formatTable(
    [
      { header: 'rows', align: 'right' },
      { header: 'now' },
      { header: 'read again', canShrink: true },
      { header: 'code', canShrink: true },
    ],
    changes.map(({ from, to, code, rows }) => [
      String(rows),
      from === null ? 'no row' : outcomeWords[from].word,
      rereadEnds[to],
      code ?? '',
    ]),
    width,
  );
}

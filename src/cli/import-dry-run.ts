import { open, rename, rm } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { dryRun, type DryCount } from '../app/dry-run.ts';
import { faults, partnerText } from '../domain/faults.ts';
import type { FileKind } from '../domain/file-life.ts';
import { kindOfFile } from '../domain/match-file.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { sayHeld } from '../view/held-words.ts';
import { createReadingProgress } from './reading-progress.ts';
import { sizeOfFile } from './size-of-file.ts';
import { formatTable } from './table.ts';
import { wrapText } from './text-width.ts';
import { UsageFault } from './usage-fault.ts';

/** What an import would do, written to the folder from which it is asked: `<name>.dry-run.csv`. */
export async function dryRunCommand(
  cli: Cli,
  path: string,
  options: { readonly partner: string; readonly kind?: FileKind },
): Promise<void> {
  const bytes = await sizeOfFile('FILE', path);
  const opened = await cli.openLedger();
  try {
    const partner = partnerOf(opened, options.partner);
    const kind = options.kind ?? kindOfFile(basename(path), partner);
    if (kind === null) return cli.end(1, `FILE_UNMATCHED: ${faults.FILE_UNMATCHED.means} Or say --kind.`);
    const name = `${basename(path, extname(path))}.dry-run.csv`;
    const progress = createReadingProgress(cli.out, bytes);
    const looked = await writeWhole(resolve(name), (write) =>
      dryRun(opened, { path, partner, kind }, write, (record) => progress.seen(record)),
    );
    progress.stop();
    if (looked.kind === 'refused') {
      return cli.end(1, `${looked.code}: ${partnerText(looked.code, 'en', looked.detail)} Nothing was written.`);
    }
    cli.out.print(formatCounts(kind, looked.counts, cli.out.width));
    cli.out.print(
      `\n${looked.rows} ${looked.rows === 1 ? 'row' : 'rows'} looked at; nothing was sent. Written: ${name}`,
    );
    if (looked.drift.length === 0) return;
    const why = sayHeld({ heldBecause: looked.drift }).join(' ');
    cli.end(
      1,
      wrapText(`An import would be held, ${looked.drift.map(({ code }) => code).join(', ')}: ${why}`, cli.out.width),
    );
  } finally {
    await opened.close();
  }
}

function partnerOf({ partners }: OpenedLedger, id: string) {
  const partner = partners.get(id);
  if (partner !== null) return partner;
  const known = partners.list().map((one) => one.id);
  throw new UsageFault(`--partner: expected one of ${known.join(', ') || 'none'}; got "${id}"`);
}

/** Under a temporary name until it is whole; nothing stays of a run that came to nothing. */
async function writeWhole<T extends { readonly kind: string }>(
  path: string,
  fill: (write: (piece: string | Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await using file = await open(temporary, 'wx', 0o640);
    const filled = await fill(async (piece) => {
      await file.writeFile(piece);
    });
    await file.sync();
    if (filled.kind === 'looked') await rename(temporary, path);
    return filled;
  } finally {
    await rm(temporary, { force: true });
  }
}

function formatCounts(holds: FileKind, counts: readonly DryCount[], width: number): string {
  if (counts.length === 0) return 'The file has no rows.';
  return formatTable(
    [
      { header: 'rows', align: 'right' },
      ...(holds === 'mixed' ? [{ header: 'kind' }] : []),
      { header: 'outcome' },
      { header: 'code' },
      { header: 'which means', canShrink: true },
    ],
    counts.map(({ kind, outcome, code, rows }) => [
      String(rows),
      ...(holds === 'mixed' ? [kind] : []),
      outcome,
      code ?? '',
      code === null ? 'nothing is known against it' : faults[code].means,
    ]),
    width,
  );
}

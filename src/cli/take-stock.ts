import type { LedgerFileView, LedgerViews } from '../app/ports/ledger.ts';
import type { OpenedLedger } from './cli.ts';
import { isOpenState } from './outcome-words.ts';
import { needsPerson, type NeedsPerson, type PresentState } from './needs-person.ts';
import { rowKindOf } from '../domain/file-life.ts';
import type { RowState } from '../app/ports/row.ts';
import { UsageFault } from './usage-fault.ts';

export interface NamedFile extends LedgerFileView {
  /** Its name, opened. */
  readonly text: string;
}

/** What `status` shows, as it is in the ledger at one look. */
export interface Stock {
  readonly files: readonly NamedFile[];
  /** There are older files than these. */
  readonly hasMoreFiles: boolean;
  readonly counts: PresentState['counts'];
  readonly halts: PresentState['halts'];
  readonly needsPerson: readonly NeedsPerson[];
  /** Rows wait for work and no `leadsync run` is alive. */
  readonly isIdle: boolean;
}

/** A file that was refused is looked for among so many of the newest. */
const filesLookedAt = 200;

/** Everything, or one file (a UsageFault when there is no such file). */
export async function takeStock(
  { ledger, vault }: Pick<OpenedLedger, 'ledger' | 'vault'>,
  wanted: { readonly fileId: string | null; readonly limit: number },
): Promise<Stock> {
  const newest =
    wanted.fileId === null
      ? await ledger.files({ limit: Math.max(filesLookedAt, wanted.limit + 1) })
      : [await oneFile(ledger, wanted.fileId)];
  const counts = wanted.fileId === null ? await ledger.counts() : newest.flatMap(countsOf);
  const halts = await ledger.halts();
  const files = await Promise.all(
    newest.slice(0, wanted.limit).map(async (file) => {
      const key = await vault.keyById(file.keyId);
      return { ...file, text: key.open(file.name) };
    }),
  );
  const hasWork = counts.some((count) => count.n > 0 && isOpenState(count.state));
  return {
    files,
    hasMoreFiles: newest.length > files.length,
    counts,
    halts,
    needsPerson: needsPerson({ counts, halts, files: newest }),
    isIdle: hasWork && !(await ledger.serviceAlive('worker')),
  };
}

async function oneFile(ledger: LedgerViews, id: string): Promise<LedgerFileView> {
  const file = await ledger.fileView(id);
  if (file === null)
    throw new UsageFault(`FILE-ID: expected the id of a file (\`leadsync status\` lists them); got "${id}"`);
  return file;
}

function countsOf(file: LedgerFileView): PresentState['counts'] {
  const { kind, partner } = file;
  return Object.entries(file.counts).map(([state, n]) => ({
    kind: rowKindOf(kind),
    partner,
    state: state as RowState,
    n,
  }));
}

import { openFileName } from '../../app/file-name.ts';
import type { AuditLine } from '../../app/ports/ledger.ts';
import type { NamedFile } from '../../view/take-stock.ts';
import type { ConsolePorts } from '../ports.ts';

/** Everything that the ledger knows of a file as a whole. */
export interface FileLife {
  readonly file: NamedFile;
  readonly history: readonly AuditLine[];
}

export async function readFile(
  { ledger, pages, vault }: Pick<ConsolePorts, 'ledger' | 'pages' | 'vault'>,
  id: string,
): Promise<FileLife | null> {
  const [file, history] = await Promise.all([ledger.fileView(id), pages.fileHistory(id)]);
  if (file === null) return null;
  return { file: { ...file, text: await openFileName(vault, file) }, history };
}

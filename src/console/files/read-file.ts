import { openFileName } from '../../app/file-name.ts';
import type { AuditLine } from '../../app/ports/ledger.ts';
import type { NamedFile } from '../../view/take-stock.ts';
import type { ConsolePorts } from '../ports.ts';

/** Everything that the ledger knows of a file as a whole. */
export interface FileLife {
  readonly file: NamedFile;
  readonly history: readonly AuditLine[];
  /** The newest thing that was done to it: what a form of the page brings along. */
  readonly lastEvent: string;
}

export async function readFile(
  { fileClaims, ledger, pages, vault }: Pick<ConsolePorts, 'fileClaims' | 'ledger' | 'pages' | 'vault'>,
  id: string,
): Promise<FileLife | null> {
  // Before the rest: what happens meanwhile is news to who looks.
  const lastEvent = await fileClaims.lastEvent(id);
  const [file, history] = await Promise.all([ledger.fileView(id), pages.fileHistory(id)]);
  if (file === null) return null;
  return { file: { ...file, text: await openFileName(vault, file) }, history, lastEvent };
}

import { refusal, type RefusedAct } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { BegunOnFile, FileClaims, LongFileDeed } from './ports/file-claims.ts';
import type { Act } from './ports/held-files.ts';
import type { LedgerFile } from './ports/ledger.ts';

export interface ClaimPorts extends Pick<Ports, 'ledger'> {
  readonly fileClaims: FileClaims;
}

/** Who begins something long with a file, and the newest event of the file that they have seen. */
export interface ActOnSeen extends Act {
  readonly seen: string;
}

/** How a file stands, for who is about to act on it. */
export interface FileLook {
  readonly seen: string;
  /** Who is at it. Whoever is shown this may begin anew; who is shown nothing must not. */
  readonly begun: BegunOnFile | null;
}

/** To be asked before anything else of the file is read, so that whatever is done meanwhile is news. */
export async function lookAtFile({ fileClaims }: Pick<ClaimPorts, 'fileClaims'>, id: string): Promise<FileLook> {
  const seen = await fileClaims.lastEvent(id);
  return { seen, begun: await fileClaims.underWay(id) };
}

/** Null: it is theirs to begin, and whoever comes later is told so. */
export async function claimFile(
  { fileClaims, ledger }: ClaimPorts,
  file: LedgerFile,
  what: LongFileDeed,
  { seen, actor, reason }: ActOnSeen,
): Promise<RefusedAct | null> {
  if (await fileClaims.claim(file.id, seen, what, { actor, reason })) return null;
  return refusal('moved_on', (await ledger.file(file.id)) ?? file);
}

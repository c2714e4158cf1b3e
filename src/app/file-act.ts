import { openFileName } from './file-name.ts';
import type { Ports } from './ports.ts';
import type { BegunOnFile } from './ports/file-claims.ts';
import type { LedgerFile } from './ports/ledger.ts';

/** Why nothing was done to a file. */
export type FileRefusal =
  | 'no_file'
  /** Nothing of it is left that could be held, turned away or cancelled. */
  | 'over'
  | 'held_already'
  | 'not_held'
  /** It has no hour to wait for, or its hour has come. */
  | 'not_waiting'
  /** Leads of it exist or may exist: what was sent can't be turned away. */
  | 'leads_exist'
  /** It was not read to its end, so there is nothing to cancel or to read again. */
  | 'not_read'
  /** Its bytes are not on this host, or retention has taken them away. */
  | 'not_here'
  /** The partner has no config. */
  | 'no_config'
  /** Something was done to it since who acts has looked at it. */
  | 'moved_on'
  /** Somebody is cancelling it or reading it again, and who acts has not looked at it. */
  | 'under_way';

export interface RefusedAct {
  readonly kind: 'refused';
  readonly why: FileRefusal;
  readonly file: LedgerFile | null;
  /** Who is at it, where it is `under_way`. */
  readonly begun: BegunOnFile | null;
}

/** What became of an operator's wish. */
export type FileAct<Done = object> = ({ readonly kind: 'done'; readonly file: LedgerFile } & Done) | RefusedAct;

export function refusal(why: FileRefusal, file: LedgerFile | null, begun: BegunOnFile | null = null): RefusedAct {
  return { kind: 'refused', why, file, begun };
}

/** Somebody was quicker than a person who wanted to hold a file: it is held already, or over. */
export async function overtaken({ ledger }: Pick<Ports, 'ledger'>, file: LedgerFile): Promise<RefusedAct> {
  const now = (await ledger.file(file.id)) ?? file;
  return refusal(now.state === 'held' ? 'held_already' : 'over', now);
}

/** Where a file is, or where it goes back to when it is released. */
export function whereIs({ heldFrom, state }: LedgerFile): LedgerFile['state'] {
  return heldFrom ?? state;
}

export function isOver(file: LedgerFile): boolean {
  return file.state === 'rejected' || file.state === 'quarantined';
}

/** Read to its end: its bytes are archived, and its rows have been let go or are held. */
export function wasRead(file: LedgerFile): boolean {
  return whereIs(file) === 'read' || whereIs(file) === 'settled';
}

export async function nameOfFile({ vault }: Pick<Ports, 'vault'>, file: LedgerFile): Promise<string> {
  return openFileName(vault, file);
}

import { partnerText, type ResultLanguage } from '../domain/faults.ts';
import { explainFault } from './explain-fault.ts';
import { type FileAct, isOver, nameOfFile, overtaken, refusal } from './file-act.ts';
import type { Ports } from './ports.ts';
import type { ClaimedFile } from './ports/folders.ts';
import type { Act } from './ports/held-files.ts';
import type { LedgerFile } from './ports/ledger.ts';

type RejectPorts = Pick<Ports, 'folders' | 'ledger' | 'partners' | 'vault'>;

/** Of such a row the lead or the change may be at the insurer's: it can't be taken back with its file. */
const sentStates = ['submitting', 'registered', 'registered_without_id', 'in_doubt', 'abandoned', 'pushing', 'pushed'];

/**
 * Turns a file away of which nothing was created: its bytes go to rejected/ with the reason beside them, its rows are
 * cancelled, and it may be sent again. Held first, so that nothing begins meanwhile. The bytes go before the ledger says
 * so: a crash between the two leaves a held file, and the command may be repeated.
 */
export async function rejectFile(ports: RejectPorts, id: string, act: Act): Promise<FileAct> {
  const { folders, ledger } = ports;
  const file = await ledger.file(id);
  if (file === null) return refusal('no_file', null);
  if (isOver(file)) return refusal('over', file);
  if (await wasSent(ports, id)) return refusal('leads_exist', file);
  const held = file.state === 'held' && file.letThroughTo === 0 ? file : await ledger.holdFile(id, act);
  if (held === null) return overtaken(ports, file);
  // Something was announced between the two looks.
  if (await wasSent(ports, id)) return refusal('leads_exist', held);

  const name = await nameOfFile(ports, file);
  const bytes = await bytesOf(folders, file, name);
  if (bytes !== null) await folders.reject(bytes, id, reasonFor(ports, file, act));
  else if (!(await folders.isRejected({ partner: file.partner, name }, id))) return refusal('not_here', held);
  await ledger.cancelRows(id, 'FILE_REJECTED', act);
  const rejected = await ledger.rejectFile(id, act);
  return rejected === null ? refusal('over', file) : { kind: 'done', file: rejected };
}

async function wasSent({ ledger }: RejectPorts, id: string): Promise<boolean> {
  const counts = await ledger.countExactly(id);
  if (sentStates.some((state) => (counts[state] ?? 0) > 0)) return true;
  // A create without an answer waits to be repeated where the API honours its key: the lead may exist.
  return (await ledger.rows({ fileId: id, state: 'waiting', code: 'API_NO_ANSWER', limit: 1 })).length > 0;
}

/** Claimed still, or archived when it had been read. */
async function bytesOf(folders: Ports['folders'], file: LedgerFile, name: string): Promise<ClaimedFile | null> {
  const { partner, sha256, bytes } = file;
  const archived = await folders.archivedAt(partner, file.id);
  if (archived !== null) return { partner, name, path: archived, sha256, bytes, fault: null, firstSeenMs: 0 };
  const claimed = await folders.listClaimed();
  return claimed.find((one) => one.partner === partner && one.sha256 === sha256) ?? null;
}

/** What the partner reads: the operator's reason, and what had held the file. */
function reasonFor({ partners }: RejectPorts, file: LedgerFile, { reason }: Act): string {
  const language: ResultLanguage = partners.get(file.partner)?.results.language ?? 'es';
  const why = file.heldBecause.filter(({ code }) => code !== 'FILE_HELD' && code !== 'FILE_FIRST_ROWS');
  const told = why.map(({ code, column, detail }) => partnerText(code, language, { column: column ?? '', ...detail }));
  return [explainFault('FILE_REJECTED', language, { reason }), ...told.map((line) => `${line}\n`)].join('');
}

import type { FaultCode } from '../domain/faults.ts';
import type { FileKind } from '../domain/file-life.ts';
import type { ForeignFormat } from '../domain/foreign-format.ts';
import { kindOfFile, patternsOf } from '../domain/match-file.ts';
import { nightOf } from '../domain/night.ts';
import { explainFault } from './explain-fault.ts';
import type { Ports } from './ports.ts';
import type { ClaimedFile } from './ports/folders.ts';
import type { LedgerFile } from './ports/ledger.ts';
import type { NightRuns } from './ports/night-ledger.ts';
import type { Schedules } from './ports/schedules.ts';

export type AcceptPorts = Pick<Ports, 'clock' | 'folders' | 'ledger' | 'log' | 'partners' | 'settings' | 'vault'> & {
  readonly nights: Pick<NightRuns, 'takeLatecomers'>;
  readonly schedules: Schedules;
};

export type AcceptedFile =
  | { readonly kind: 'accepted'; readonly file: LedgerFile }
  | { readonly kind: 'refused'; readonly file: LedgerFile; readonly code: FaultCode };

/**
 * Takes a claimed file into the ledger, or turns it away with a reason beside it. Every claimed file ends as one or the
 * other; after a crash it is claimed still and this runs again.
 */
export async function acceptFile(
  ports: AcceptPorts,
  claimed: ClaimedFile,
  options: { readonly actor: string; readonly kind?: FileKind; readonly again?: boolean; readonly now?: boolean },
): Promise<AcceptedFile> {
  const { actor } = options;
  if (claimed.fault !== null) return refuse(ports, claimed, { code: claimed.fault, actor });
  const known = await takenInAs(ports, claimed);
  // Taken in already and not put away: it goes on under the config it was taken in with, whatever that is now.
  if (known !== null) {
    if (wasRead(known)) await ports.folders.archive(claimed, known.id);
    return { kind: 'accepted', file: known };
  }
  const partner = ports.partners.get(claimed.partner);
  if (partner === null) return refuse(ports, claimed, { code: 'FILE_PARTNER_UNKNOWN', actor });
  const found = await ports.folders.foreignFormat(claimed);
  if (found !== null) return refuse(ports, claimed, { code: 'FILE_NOT_CSV', actor, found });
  const kind = options.kind ?? kindOfFile(claimed.name, partner);
  if (kind === null) return refuse(ports, claimed, { code: 'FILE_UNMATCHED', actor });

  const key = await ports.vault.keyFor(partner.id);
  const now = new Date(ports.clock.wallMs());
  const dueAt = options.now === true || partner.schedule === null ? null : ports.schedules.next(partner.schedule, now);
  const { accepted, file } = await ports.ledger.acceptFile({
    partner: partner.id,
    kind,
    keyId: key.id,
    name: key.seal(claimed.name),
    sha256: claimed.sha256,
    bytes: claimed.bytes,
    configVersion: partner.version,
    dueAt,
    seenForMs: Math.max(0, ports.clock.monotonicMs() - claimed.firstSeenMs),
    night: nightOf(dueAt ?? now, partner.timeZone),
    again: options.again ?? false,
    actor,
  });
  if (!accepted) return refuse(ports, claimed, { code: 'FILE_ALREADY_IMPORTED', actor, kind, sameAs: file });

  if (file.waitsForRun) await giveReceiptIfWaiting(ports, claimed, file);
  ports.log.event('fileArrived', { fileId: file.id, partner: file.partner, kind: file.kind });
  return { kind: 'accepted', file };
}

/** Ends a rejection that could not be ended before: no room on the disk, or a crash. The ledger has it already. */
export async function finishRejecting(ports: AcceptPorts, claimed: ClaimedFile, fileId: string): Promise<void> {
  const file = await ports.ledger.file(fileId);
  if (file === null || file.code === null) return;
  const found = file.code === 'FILE_NOT_CSV' ? await ports.folders.foreignFormat(claimed) : null;
  await ports.folders.reject(claimed, file.id, reasonFor(ports, file, { code: file.code, found }));
}

/** A file that waits for its hour is gone from the partner's sight: the outbox says that it has arrived, and when it is worked on. */
async function giveReceiptIfWaiting(
  { folders, ledger, nights }: AcceptPorts,
  claimed: ClaimedFile,
  file: LedgerFile,
): Promise<void> {
  // One that was there when a run began, and became whole after it, goes with that run.
  await nights.takeLatecomers();
  if ((await ledger.file(file.id))?.waitsForRun !== true) return;
  const { id, partner, kind, sha256, bytes, arrivedAt, dueAt } = file;
  const receipt = { fileId: id, partner, kind, sha256, bytes, arrivedAt, dueAt };
  await folders.publish(partner, `${claimed.name}.received.json`, [`${JSON.stringify(receipt, null, 2)}\n`]);
}

/**
 * The file at work whose bytes this copy is. The same bytes may be at work under two configs, and each file needs a copy:
 * as many are theirs as there are files, whichever is whose.
 */
async function takenInAs(ports: AcceptPorts, claimed: ClaimedFile): Promise<LedgerFile | null> {
  // Counted first: the copy before this one may be put away any moment, and this one is then not the other file's.
  const copiesBefore = await ports.folders.copiesBefore(claimed);
  const inWork: LedgerFile[] = [];
  for (const file of await ports.ledger.acceptedFilesOf(claimed.partner, claimed.sha256))
    if (await isInWork(ports, file)) inWork.push(file);
  return inWork[copiesBefore] ?? null;
}

async function isInWork({ folders }: AcceptPorts, file: LedgerFile): Promise<boolean> {
  // Read to its end, and the process died before it was put away; not one that retention has taken from there.
  if (wasRead(file)) return file.bytesRemovedAt == null && !(await folders.isArchived(file.partner, file.id));
  return file.state === 'arrived' || file.state === 'held' || file.state === 'reading';
}

function wasRead({ heldFrom, state }: LedgerFile): boolean {
  const where = heldFrom ?? state;
  return where === 'read' || where === 'settled';
}

interface Refusal {
  readonly code: FaultCode;
  /** What the file is instead of CSV. */
  readonly found?: ForeignFormat | null;
}

async function refuse(
  ports: AcceptPorts,
  claimed: ClaimedFile,
  refusal: Refusal & { readonly actor: string; readonly kind?: FileKind; readonly sameAs?: LedgerFile },
): Promise<AcceptedFile> {
  const { code, actor, kind = 'leads', sameAs } = refusal;
  const key = await ports.vault.keyFor(claimed.partner);
  const file = await ports.ledger.refuseFile({
    partner: claimed.partner,
    kind,
    keyId: key.id,
    name: key.seal(claimed.name),
    sha256: claimed.sha256,
    bytes: claimed.bytes,
    configVersion: ports.partners.get(claimed.partner)?.version ?? 'none',
    night: nightOf(new Date(ports.clock.wallMs()), timeZoneOf(ports, claimed.partner)),
    code,
    actor,
    ...(sameAs === undefined ? {} : { sameAs: sameAs.id }),
  });
  await ports.folders.reject(claimed, file.id, reasonFor(ports, file, refusal));
  ports.log.event('fileRejected', { fileId: file.id, partner: file.partner, code });
  return { kind: 'refused', file, code };
}

function timeZoneOf({ partners, settings }: AcceptPorts, partner: string): string {
  return partners.get(partner)?.timeZone ?? settings.timeZone;
}

function reasonFor({ partners }: AcceptPorts, file: LedgerFile, { code, found = null }: Refusal): string {
  const partner = partners.get(file.partner);
  return explainFault(code, partner?.results.language ?? 'es', {
    patterns: partner === null ? '' : patternsOf(partner).join(', '),
    sameAs: file.sameAs ?? '',
    ...(found === null ? {} : { found }),
  });
}

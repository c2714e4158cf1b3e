import type { FaultCode } from '../domain/faults.ts';
import { kindOfFile } from '../domain/match-file.ts';
import type { FileKind } from '../domain/file-life.ts';
import { explainFault } from './explain-fault.ts';
import type { Ports } from './ports.ts';
import type { ClaimedFile } from './ports/folders.ts';
import type { LedgerFile } from './ports/ledger.ts';

export type AcceptPorts = Pick<Ports, 'folders' | 'ledger' | 'log' | 'partners' | 'vault'> & {
  /** When a partner's schedule next fires, or null: at once. */
  readonly nextRun: (schedule: { readonly cron: string; readonly timeZone: string } | null) => Date | null;
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
  const known = await ports.ledger.fileBySha(claimed.partner, claimed.sha256);
  // Taken in already and not put away: it goes on under the config it was taken in with, whatever that is now.
  if (known !== null && (await isInWork(ports, known))) {
    if (known.state === 'read' || known.state === 'settled') await ports.folders.archive(claimed, known.id);
    return { kind: 'accepted', file: known };
  }
  const partner = ports.partners.get(claimed.partner);
  if (partner === null) return refuse(ports, claimed, 'leads', 'none', 'FILE_PARTNER_UNKNOWN', options.actor);
  const kind = options.kind ?? kindOfFile(claimed.name, partner);
  if (kind === null) return refuse(ports, claimed, 'leads', partner.version, 'FILE_UNMATCHED', options.actor);

  const key = await ports.vault.keyFor(partner.id);
  const { accepted, file } = await ports.ledger.acceptFile({
    partner: partner.id,
    kind,
    keyId: key.id,
    name: key.seal(claimed.name),
    sha256: claimed.sha256,
    bytes: claimed.bytes,
    configVersion: partner.version,
    dueAt: options.now === true ? null : ports.nextRun(partner.schedule),
    again: options.again ?? false,
    actor: options.actor,
  });
  if (!accepted) return refuse(ports, claimed, kind, partner.version, 'FILE_ALREADY_IMPORTED', options.actor, file);

  if (file.dueAt.getTime() > file.arrivedAt.getTime()) await giveReceipt(ports, claimed, file);
  ports.log.event('fileArrived', { fileId: file.id, partner: file.partner, kind: file.kind });
  return { kind: 'accepted', file };
}

/** A file that waits for its hour is gone from the partner's sight: the outbox says that it has arrived, and when it is worked on. */
async function giveReceipt({ folders }: AcceptPorts, claimed: ClaimedFile, file: LedgerFile): Promise<void> {
  const { id, partner, kind, sha256, bytes, arrivedAt, dueAt } = file;
  const receipt = { fileId: id, partner, kind, sha256, bytes, arrivedAt, dueAt };
  await folders.publish(partner, `${claimed.name}.received.json`, [`${JSON.stringify(receipt, null, 2)}\n`]);
}

async function isInWork({ folders }: AcceptPorts, file: LedgerFile): Promise<boolean> {
  switch (file.state) {
    case 'arrived':
    case 'held':
    case 'reading':
      return true;
    case 'read':
    case 'settled':
      // Read to its end, and the process died before it was put away.
      return !(await folders.isArchived(file.partner, file.id));
    default:
      return false;
  }
}

async function refuse(
  ports: AcceptPorts,
  claimed: ClaimedFile,
  kind: FileKind,
  configVersion: string,
  code: FaultCode,
  actor: string,
  sameAs?: LedgerFile,
): Promise<AcceptedFile> {
  const key = await ports.vault.keyFor(claimed.partner);
  const file = await ports.ledger.refuseFile({
    partner: claimed.partner,
    kind,
    keyId: key.id,
    name: key.seal(claimed.name),
    sha256: claimed.sha256,
    bytes: claimed.bytes,
    configVersion,
    code,
    actor,
    ...(sameAs === undefined ? {} : { sameAs: sameAs.id }),
  });
  const partner = ports.partners.get(claimed.partner);
  const patterns = [partner?.files.leads?.match, partner?.files.updates?.match].filter(Boolean).join(', ');
  await ports.folders.reject(
    claimed,
    file.id,
    explainFault(code, partner?.results.language ?? 'es', { patterns, sameAs: sameAs?.id ?? '' }),
  );
  ports.log.event('fileRejected', { fileId: file.id, partner: file.partner, code });
  return { kind: 'refused', file, code };
}

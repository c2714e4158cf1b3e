import type { Ports } from './ports.ts';
import type { JobEnd } from './ports/job-queue.ts';
import { publishResult } from './publish-result.ts';
import type { SettledFile } from './ports/delivery-ledger.ts';
import type { ResultPicture } from './ports/ledger.ts';
import type { Partner } from '../domain/partner.ts';

export type SettlePorts = Pick<Ports, 'folders' | 'instance' | 'ledger' | 'log' | 'partners' | 'settings' | 'vault'>;

/**
 * Issues a file's result: a projection of the ledger at one moment, written beside and renamed into place, then
 * committed as issued. A crash between the two issues the same version again, byte for byte. Runs when no row of the
 * file is open, and again when a settled file's row has moved (a replay, an operator's verdict). Where work lasts longer
 * than `results.every` it issues an interim result, with the rest as pending.
 */
export async function settleFile(ports: SettlePorts, fileId: string): Promise<JobEnd> {
  const issued = await ports.ledger.readResult(
    fileId,
    async (picture) => {
      const partner = ports.partners.get(picture.file.partner);
      if (partner === null) return null;
      const isWhole = picture.pending === 0 && picture.file.heldFrom === null;
      if (!isWhole && picture.file.reportAgeMs < partner.results.everyMs) return null;
      await publishResult(ports, partner, picture);
      const { version, moves, counts } = picture;
      return { isWhole, version, moves, counts, partner: partner.id, told: toTell(partner, picture) };
    },
    { interim: true },
  );
  if (issued === null) return { kind: 'done', outcome: 'not_yet' };
  if (!issued.isWhole) {
    await ports.ledger.noteReport(fileId, issued);
    return { kind: 'done', outcome: 'interim' };
  }
  await ports.ledger.settleFile(fileId, issued, ports.instance, issued.told);
  const rows = Object.values(issued.counts).reduce((sum, n) => sum + n, 0);
  ports.log.event('fileSettled', { fileId, partner: issued.partner, rows, version: issued.version });
  return { kind: 'done', outcome: 'settled' };
}

/** What the partner's own systems are told of it; null: they have no webhook. */
function toTell(partner: Partner, { file, counts, countsByKind }: ResultPicture) {
  if (partner.webhook === null) return null;
  const withRows = partner.webhook.outcomes;
  const payload: SettledFile = { kind: file.kind, sourceSha256: file.sha256, counts, countsByKind, withRows };
  return { recipient: partner.id, payload };
}

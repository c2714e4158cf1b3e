import { isStorageError } from './is-storage-error.ts';
import { partnerForLog } from './partner-for-log.ts';
import type { Ports } from './ports.ts';
import type { ServiceTrouble } from './ports/ledger.ts';
import { systemCode } from './system-code.ts';

/** A file whose putting away failed at the last look. */
export interface NotKept {
  readonly partner: string;
  readonly error: unknown;
}

/**
 * Tells people that files can't be put into archive/ or rejected/, when it changes: in the ledger for `status`, and in the
 * log. By count, never by name. What failed for another reason than the folder is told elsewhere.
 */
export function createNotKeptNotes(
  ports: Pick<Ports, 'instance' | 'ledger' | 'log' | 'partners'>,
): (failed: readonly NotKept[]) => Promise<void> {
  let noted = '[]';

  return async (failed) => {
    const byPartner = Map.groupBy(
      failed.filter(({ error }) => isStorageError(error)),
      ({ partner }) => partner,
    );
    const troubles = [...byPartner].map(([partner, all]): ServiceTrouble => {
      return { partner, files: all.length, system: systemCode(all.at(-1)?.error) };
    });
    const picture = JSON.stringify(troubles);
    if (picture === noted) return;
    await ports.ledger.noteTroubles(ports.instance, 'FILE_NOT_KEPT', troubles);
    noted = picture;
    for (const { partner, files, system } of troubles) {
      const known = partnerForLog(ports, partner ?? '');
      ports.log.event('filesNotKept', { code: 'FILE_NOT_KEPT', partner: known, files, system: system ?? '' });
    }
  };
}

import type { StampedVault } from '../adapters/crypto/vault.ts';
import type { InstanceLedger } from '../app/ports/ledger.ts';
import type { Log } from '../app/ports/log.ts';

export interface KeyWatch {
  /** Looks into the key table, and tells people when it has changed. */
  look(): Promise<void>;
  /** As of the last look: this process was started with a secret that was rotated away. */
  isStale(): boolean;
}

/**
 * Nothing breaks by itself when the secret is rotated behind a service (see `createVault`), so the service has to say so:
 * in the log once, and in the ledger for as long as it runs, where `status` and the console name its host. A secret that is
 * rotated back ends it.
 */
export function watchKey(
  {
    vault,
    ledger,
    log,
  }: {
    readonly vault: Pick<StampedVault, 'isRotated'>;
    readonly ledger: Pick<InstanceLedger, 'noteTroubles'>;
    readonly log: Pick<Log, 'event'>;
  },
  instance: string,
): KeyWatch {
  let isStale = false;
  let isTold = false;
  return {
    async look() {
      const wasStale = isStale;
      // First what is done about it: to tell may fail.
      isStale = await vault.isRotated();
      if (isStale && !wasStale) log.event('keyRotated', { code: 'CONFIG_KEY_ROTATED' });
      if (isStale === isTold) return;
      const trouble = { partner: null, files: 0, system: null };
      await ledger.noteTroubles(instance, 'CONFIG_KEY_ROTATED', isStale ? [trouble] : []);
      isTold = isStale;
    },
    isStale: () => isStale,
  };
}

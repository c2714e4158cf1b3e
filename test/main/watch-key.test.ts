import { expect, it } from 'vitest';
import type { ServiceTrouble, TroubleCode } from '../../src/app/ports/ledger.ts';
import { watchKey } from '../../src/main/watch-key.ts';

it('is stale from the look that sees the rotation, tells it once, and takes it back when the secret comes back', async () => {
  let isRotated = false;
  let isLedgerAway = false;
  const noted: (readonly [TroubleCode, number])[] = [];
  const logged: string[] = [];
  const watch = watchKey(
    {
      vault: { isRotated: async () => isRotated },
      ledger: {
        async noteTroubles(_id: string, code: TroubleCode, troubles: readonly ServiceTrouble[]) {
          if (isLedgerAway) throw new Error('away');
          noted.push([code, troubles.length]);
        },
      },
      log: { event: (name) => void logged.push(name) },
    },
    'worker-1',
  );
  await watch.look();
  expect([watch.isStale(), noted, logged]).toEqual([false, [], []]);
  isRotated = true;
  isLedgerAway = true;
  await expect(watch.look()).rejects.toThrow('away');
  // Whoever is not told yet, nothing new is sealed.
  expect(watch.isStale()).toBe(true);
  isLedgerAway = false;
  await watch.look();
  await watch.look();
  expect([noted, logged]).toEqual([[['CONFIG_KEY_ROTATED', 1]], ['keyRotated']]);
  isRotated = false;
  await watch.look();
  expect([watch.isStale(), noted.at(-1)]).toEqual([false, ['CONFIG_KEY_ROTATED', 0]]);
});

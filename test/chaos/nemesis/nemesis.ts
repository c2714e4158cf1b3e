import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../simulation/random.ts';
import type { Cell } from '../cell.ts';
import type { World } from '../world/world.ts';
import type { Act } from './act.ts';
import { perform } from './perform.ts';

export interface Nemesis {
  readonly done: ReadonlyMap<Act, number>;
  /** No new act; resolves when all that was done is undone. */
  stop(): Promise<void>;
}

/**
 * Draws acts and their moments from the seed. Acts overlap, except that one server is not restarted twice at once. An act
 * whose moment has come waits until the API has seen `callsBetween` entries since the act before it: on a busy machine
 * workers would be killed faster than they start, and nothing would ever be worked. Defaults to 0.
 */
export function startNemesis(
  world: World,
  cell: Cell,
  random: Random,
  { callsBetween = 0 }: { readonly callsBetween?: number } = {},
): Nemesis {
  const done = new Map<Act, number>();
  const underWay = new Map<Act, Promise<void>>();
  const stopping = new AbortController();
  let nextAt = 0;

  async function rage(): Promise<void> {
    while (!stopping.signal.aborted && cell.acts.length > 0) {
      await pause(random.between(...cell.everyMs), undefined, { signal: stopping.signal }).catch(() => undefined);
      while (!stopping.signal.aborted && world.api.truth().length < nextAt) await pause(20);
      if (stopping.signal.aborted) return;
      nextAt = world.api.truth().length + callsBetween;
      const act = random.pick(cell.acts);
      if (underWay.has(act) && isExclusive(act)) continue;
      done.set(act, (done.get(act) ?? 0) + 1);
      const performed = perform(act, world, random).catch((error: unknown) => {
        failures.push(error);
      });
      underWay.set(
        act,
        Promise.all([underWay.get(act), performed]).then(() => undefined),
      );
      void performed.then(() => isExclusive(act) && underWay.delete(act));
    }
  }
  const failures: unknown[] = [];
  const raging = rage();
  return {
    done,
    async stop() {
      stopping.abort();
      await raging;
      await Promise.all(underWay.values());
      if (failures.length > 0) throw failures[0];
    },
  };
}

const together: ReadonlySet<Act> = new Set([
  'kill_worker',
  'pause_worker',
  'pause_worker_longer_than_its_locks',
  'block_event_loop',
]);

function isExclusive(act: Act): boolean {
  return !together.has(act);
}

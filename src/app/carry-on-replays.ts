import type { Clock } from './ports.ts';
import type { ReplayLedger } from './ports/replay-ledger.ts';

/** Rows a statement: locked for as long as it takes, which is a few hundredths of a second. */
const windowRows = 500;
/** The leader has other duties: it leaves a fast batch after this, and comes back at its next turn. */
const turnMs = 1_000;
/** A proposal is looked at by a person, who answers or has gone. */
const proposalMs = 24 * 60 * 60_000;
const forgetEveryMs = 60_000;

/**
 * A duty of the leader: carries on with every running replay as far as its rate allows. All that is known of a batch is
 * in the ledger, so whoever leads next goes on where this one was killed.
 */
export function createReplaying(
  replays: Pick<ReplayLedger, 'runningReplays' | 'carryOnReplay' | 'forgetProposals'>,
  clock: Pick<Clock, 'monotonicMs'>,
): { tick(): Promise<void> } {
  let forgetAt = -Infinity;

  async function carryOn(id: string): Promise<void> {
    const until = clock.monotonicMs() + turnMs;
    for (;;) {
      const { rows } = await replays.carryOnReplay(id, windowRows);
      if (rows < windowRows || clock.monotonicMs() >= until) return;
    }
  }

  return {
    async tick() {
      const failures: unknown[] = [];
      // One that can't be carried on must not keep the others.
      for (const id of await replays.runningReplays()) await carryOn(id).catch((error) => void failures.push(error));
      if (clock.monotonicMs() >= forgetAt) {
        forgetAt = clock.monotonicMs() + forgetEveryMs;
        await replays.forgetProposals(proposalMs);
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

import type { ConsolePorts } from '../ports.ts';
import type { ShownReplay } from './replay-page.ts';

/** Of the rows of a replay that stayed. */
const stayedShown = 50;

/** Null: there is no such replay. */
export async function readReplay(
  { ledger, replays }: Pick<ConsolePorts, 'ledger' | 'replays'>,
  id: string,
): Promise<ShownReplay | null> {
  const batch = /^\d{1,18}$/.test(id) ? await replays.replayBatch(id) : null;
  if (batch === null) return null;
  const [stayed, works, takesIn] = await Promise.all([
    replays.stayedRows(id, stayedShown + 1),
    ledger.serviceAlive('worker'),
    ledger.serviceAlive('intake'),
  ]);
  const hasMore = stayed.length > stayedShown;
  return { batch, stayed: stayed.slice(0, stayedShown), hasMore, isServed: works || takesIn };
}

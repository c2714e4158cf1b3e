import type { Ledger } from '../../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import type { Verdict } from '../../../src/app/resolve-in-doubt.ts';
import type { TruthEntry } from '../api/truth.ts';
import type { RemoteApi } from '../world/remote-api.ts';

export interface Insurer {
  /** What they say about a row, asked by the X-Request-Ids of its attempts, which the product shows for that. */
  verdictOn(ledger: Pick<Ledger, 'attempts'>, row: LedgerRow): Promise<Verdict>;
}

export function openInsurer(api: Pick<RemoteApi, 'truth'>): Insurer {
  const byRequest = new Map<string, TruthEntry>();
  let read = 0;
  return {
    async verdictOn(ledger, row) {
      const attempts = await ledger.attempts(row.id);
      const truth = api.truth();
      for (const entry of truth.slice(read)) if (entry.kind !== 'fault') byRequest.set(entry.requestId, entry);
      read = truth.length;
      const found = attempts.map(({ id }) => byRequest.get(id)).find((entry) => entry !== undefined);
      if (found?.kind === 'create' || found?.kind === 'repeat') return { kind: 'lead_id', leadId: found.leadId };
      return { kind: found === undefined ? 'send_again' : 'pushed' };
    },
  };
}

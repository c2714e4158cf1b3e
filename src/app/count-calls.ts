import type { Endpoint } from '../domain/call-outcome.ts';
import type { Clock } from './ports.ts';
import { callBuckets, type CallTallies, type CallTotal } from './ports/call-tallies.ts';
import type { CallResult, LeadsApi } from './ports/leads-api.ts';

export interface CountedApi {
  /** The same API; each call that ends is counted. */
  readonly api: LeadsApi;
  /** Hands on what was counted since the last time. What can't be written now goes with the next. */
  flush(): Promise<void>;
}

/** Counts how calls end and how long they take. In memory: no row's work waits for it. */
export function countCalls(api: LeadsApi, clock: Clock, tallies: Pick<CallTallies, 'add'>): CountedApi {
  let counted = new Map<string, CallTotal>();

  function note(call: CallTotal): void {
    const key = `${call.endpoint} ${call.outcome}`;
    counted.set(key, sumOf(counted.get(key), call));
  }

  async function count<A>(endpoint: Endpoint, begin: () => Promise<CallResult<A>>): Promise<CallResult<A>> {
    const begunMs = clock.monotonicMs();
    const result = await begin();
    const ms = clock.monotonicMs() - begunMs;
    note({ endpoint, outcome: wordOf(result), n: 1, ms, buckets: bucketsOf(ms) });
    return result;
  }

  return {
    api: {
      checkClient: (nif, call) => count('clientData', () => api.checkClient(nif, call)),
      createLead: (lead, call) => count('altaLead', () => api.createLead(lead, call)),
      updateLead: (update, call) => count('updateLead', () => api.updateLead(update, call)),
      close: () => api.close(),
    },
    async flush() {
      if (counted.size === 0) return;
      const taken = [...counted.values()];
      counted = new Map();
      try {
        await tallies.add(taken);
      } catch (error) {
        taken.forEach(note);
        throw error;
      }
    },
  };
}

function wordOf({ outcome }: CallResult<unknown>): string {
  return outcome.kind === 'not_sent' && outcome.withheld ? 'withheld' : outcome.kind;
}

function bucketsOf(ms: number): readonly number[] {
  const at = callBuckets.findIndex((seconds) => ms <= seconds * 1_000);
  return Array.from({ length: callBuckets.length + 1 }, (_, index) =>
    index === (at === -1 ? callBuckets.length : at) ? 1 : 0,
  );
}

function sumOf(one: CallTotal | undefined, other: CallTotal): CallTotal {
  if (one === undefined) return other;
  return {
    ...one,
    n: one.n + other.n,
    ms: one.ms + other.ms,
    buckets: one.buckets.map((n, index) => n + (other.buckets[index] ?? 0)),
  };
}

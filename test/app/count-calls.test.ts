import { describe, expect, it } from 'vitest';
import { countCalls } from '../../src/app/count-calls.ts';
import type { Clock } from '../../src/app/ports.ts';
import type { CallTotal } from '../../src/app/ports/call-tallies.ts';
import type { Call, CallResult, LeadsApi } from '../../src/app/ports/leads-api.ts';
import type { CallOutcome } from '../../src/domain/call-outcome.ts';

const call: Call = { attemptId: 'a', idempotencyKey: 'k', maySend: () => true };

/** An API whose next call ends so, after so many milliseconds of the clock. */
function aCounted(add: (calls: readonly CallTotal[]) => Promise<void> = async () => undefined) {
  let now = 0;
  let ends: { readonly outcome: CallOutcome<never>; readonly afterMs: number } | null = null;
  const end = async (): Promise<CallResult<never>> => {
    if (ends === null) throw new Error('no end was set');
    now += ends.afterMs;
    return { outcome: ends.outcome, evidence: 'response_complete', httpStatus: null };
  };
  const api: LeadsApi = { checkClient: end, createLead: end, updateLead: end, close: async () => undefined };
  const counted = countCalls(api, { monotonicMs: () => now } as Clock, { add });
  return {
    ...counted,
    async create(outcome: CallOutcome<never>, afterMs: number) {
      ends = { outcome, afterMs };
      return counted.api.createLead({} as never, call);
    },
  };
}

const ambiguous = { kind: 'ambiguous', code: 'API_NO_ANSWER' } as const;
const notSent = (withheld: boolean) => ({ kind: 'not_sent', code: 'API_NOT_SENT', withheld }) as const;

describe('counting calls', () => {
  it('adds up how those of an endpoint ended and how long they took, and answers what the API answered', async () => {
    const added: (readonly CallTotal[])[] = [];
    const counted = aCounted(async (calls) => void added.push(calls));
    expect((await counted.create(ambiguous, 40)).outcome).toEqual(ambiguous);
    await counted.create(ambiguous, 50);
    await counted.create(ambiguous, 60_000);
    await counted.create(notSent(false), 10);
    await counted.create(notSent(true), 0);
    await counted.flush();
    expect(added).toEqual([
      [
        { endpoint: 'altaLead', outcome: 'ambiguous', n: 3, ms: 60_090, buckets: [2, 0, 0, 0, 0, 0, 0, 0, 0, 1] },
        { endpoint: 'altaLead', outcome: 'not_sent', n: 1, ms: 10, buckets: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { endpoint: 'altaLead', outcome: 'withheld', n: 1, ms: 0, buckets: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
      ],
    ]);
  });

  it('hands nothing on twice, and asks for nothing where nothing was counted', async () => {
    const added: (readonly CallTotal[])[] = [];
    const counted = aCounted(async (calls) => void added.push(calls));
    await counted.flush();
    await counted.create(ambiguous, 1);
    await counted.flush();
    await counted.flush();
    expect(added).toHaveLength(1);
  });

  it('keeps what could not be written for the next time, with what came meanwhile', async () => {
    let isUp = false;
    const added: (readonly CallTotal[])[] = [];
    const counted = aCounted(async (calls) => {
      if (!isUp) {
        await counted.create(ambiguous, 1);
        throw new Error('the ledger is away');
      }
      added.push(calls);
    });
    await counted.create(ambiguous, 1);
    await expect(counted.flush()).rejects.toThrow('away');
    isUp = true;
    await counted.flush();
    expect(added).toMatchObject([[{ n: 2, ms: 2 }]]);
  });
});

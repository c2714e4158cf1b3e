import { describe, expect, it } from 'vitest';
import { judgeAgainst, judgeFollower, type EarlierRow, type Judgement } from '../../src/domain/earlier-row.ts';
import type { FaultCode } from '../../src/domain/faults.ts';
import { leadRowStates, type LeadRowState } from '../../src/domain/lead-row.ts';

const day = 86_400_000;
const earlier = (changes: Partial<EarlierRow>): EarlierRow => ({
  state: 'registered',
  code: null,
  sameContent: true,
  sameConfig: true,
  ageMs: day,
  ...changes,
});
const judge = (changes: Partial<EarlierRow>) => judgeAgainst(earlier(changes), 30 * day);

const work: Judgement = { kind: 'work', replaces: false };
const duplicate = (code: string) => ({ kind: 'duplicate', code });

describe('a new row of a lead that was seen before', () => {
  it('is work when it was not', () => {
    expect(judgeAgainst(null, 0)).toEqual(work);
  });

  it.each<[LeadRowState, unknown, unknown]>([
    ['registered', duplicate('ROW_DUPLICATE'), duplicate('ROW_LEAD_CHANGED')],
    ['registered_without_id', duplicate('ROW_DUPLICATE'), duplicate('ROW_LEAD_CHANGED')],
    ['abandoned', duplicate('ROW_DUPLICATE'), duplicate('ROW_LEAD_CHANGED')],
    ['received', duplicate('ROW_DUPLICATE'), { kind: 'held' }],
    ['waiting', duplicate('ROW_DUPLICATE'), { kind: 'held' }],
    ['checked', duplicate('ROW_DUPLICATE'), { kind: 'held' }],
    ['submitting', duplicate('ROW_DUPLICATE'), { kind: 'held' }],
    ['in_doubt', duplicate('ROW_DUPLICATE'), { kind: 'held' }],
    ['not_managed', duplicate('ROW_DUPLICATE'), work],
    ['rejected', duplicate('API_REFUSED'), work],
    ['failed', duplicate('ROW_DUPLICATE'), { kind: 'work', replaces: true }],
    ['cancelled', duplicate('ROW_CANCELLED_BEFORE'), duplicate('ROW_CANCELLED_BEFORE')],
  ])('after one that is %s', (state, same, different) => {
    const code = state === 'rejected' ? 'API_REFUSED' : state === 'cancelled' ? 'ROW_CANCELLED' : null;
    expect(judge({ state, code })).toEqual(same);
    expect(judge({ state, code, sameContent: false })).toEqual(different);
  });

  it('is asked about again once the recheck of a client that was not managed is due', () => {
    expect(judge({ state: 'not_managed', ageMs: 30 * day })).toEqual(work);
  });

  it('is work after a rejection under another config: the request would be another one', () => {
    expect(judge({ state: 'rejected', code: 'ROW_AGENT_MISSING', sameConfig: false })).toEqual(work);
  });

  it('is work after a row that was cancelled with its file', () => {
    expect(judge({ state: 'cancelled', code: 'FILE_CHANGED_WHILE_READ' })).toEqual(work);
    expect(judge({ state: 'cancelled', code: 'ROW_REPLACED' })).toEqual(work);
  });
});

describe('a duplicate whose row has moved', () => {
  it('that was held waits while the fate is open, and is work only where no lead came of it', () => {
    const fates = Object.fromEntries(
      leadRowStates.map((state) => [state, judgeFollower({ held: true, state, code: null })]),
    );
    expect(fates).toEqual({
      received: null,
      waiting: null,
      checked: null,
      submitting: null,
      in_doubt: null,
      duplicate: null,
      registered: 'lead_changed',
      registered_without_id: 'lead_changed',
      abandoned: 'lead_changed',
      not_managed: 'work',
      rejected: 'work',
      failed: 'work',
      cancelled: 'work',
    });
  });

  it('that said the same shares its fate, unless the row went with its file', () => {
    const same = (state: LeadRowState, code: FaultCode | null) => judgeFollower({ held: false, state, code });
    expect(leadRowStates.filter((state) => same(state, 'ROW_CANCELLED') !== null)).toEqual([]);
    expect(same('cancelled', 'ROW_REPLACED')).toBeNull();
    expect(same('cancelled', 'FILE_CHANGED_WHILE_READ')).toBe('work');
  });
});

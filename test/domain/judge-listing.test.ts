import { describe, expect, it } from 'vitest';
import { judgeByListing, type ListingEvidence } from '../../src/domain/judge-listing.ts';

const asOf = new Date('2026-06-01T12:00:00Z');

/** Everything that "it is not there" needs. */
const absent: ListingEvidence = {
  leadIds: [],
  areLeadIdsRewritten: false,
  isListedOtherwise: false,
  isIdKnown: true,
  rivals: 0,
  isComplete: true,
  isWitnessed: true,
  isInDoubt: true,
  lastArrival: new Date('2026-06-01T11:59:59Z'),
  isHolderFenced: true,
  asOf,
};

describe('a listing that has the lead', () => {
  it('gives it its leadId, complete or not, whenever it was taken', () => {
    for (const isComplete of [true, false])
      for (const lastArrival of [null, asOf, new Date('2027-01-01T00:00:00Z')])
        expect(judgeByListing({ ...absent, leadIds: ['L-1'], isComplete, lastArrival, isHolderFenced: false })).toEqual(
          {
            kind: 'registered',
            leadId: 'L-1',
          },
        );
  });

  it('proves nothing under two leadIds, nor where one lead fits two rows', () => {
    expect(judgeByListing({ ...absent, leadIds: ['L-1', 'L-2'] })).toEqual({
      kind: 'stays',
      why: 'listed_more_than_once',
    });
    expect(judgeByListing({ ...absent, leadIds: ['L-1'], rivals: 1 })).toEqual({
      kind: 'stays',
      why: 'one_lead_for_several_rows',
    });
  });

  it('gives no leadId where leadIds are not as the insurer gave them', () => {
    expect(judgeByListing({ ...absent, leadIds: ['1'], areLeadIdsRewritten: true })).toEqual({
      kind: 'stays',
      why: 'lead_ids_rewritten',
    });
  });
});

describe('a listing that has not the lead', () => {
  it('lets it be sent again when nothing is missing to the proof', () => {
    expect(judgeByListing(absent)).toEqual({ kind: 'not_created' });
  });

  it.each([
    ['it is not complete', { isComplete: false }, 'not_listed'],
    ['the lead exists, says a person', { isInDoubt: false }, 'not_listed'],
    ['the request could have arrived when it was taken', { lastArrival: asOf }, 'may_have_arrived_later'],
    ['nobody knows when the request could have arrived', { lastArrival: null }, 'may_have_arrived_later'],
    ['its id is not known', { isIdKnown: false }, 'sent_under_lost_id'],
    ['it may have been cut off at one end', { isWitnessed: false }, 'may_have_been_cut_off'],
    ['it has what may be the lead, in other words', { isListedOtherwise: true }, 'listed_otherwise'],
    ['its holder may still write', { isHolderFenced: false }, 'holder_may_still_write'],
  ] as const)('proves nothing when %s', (_what, lacks, why) => {
    expect(judgeByListing({ ...absent, ...lacks })).toEqual({ kind: 'stays', why });
  });
});

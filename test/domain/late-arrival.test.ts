import { describe, expect, it } from 'vitest';
import { mayArriveLate } from '../../src/domain/late-arrival.ts';

describe('a request that ended without a clear answer', () => {
  it.each([
    ['was written and got no answer', 'maybe_written', null, true],
    ['got the beginning of an answer', 'response_started', 200, true],
    ['was answered by a gateway that lost patience', 'response_complete', 504, true],
    ['was answered by a gateway that lost its connection', 'response_complete', 502, true],
    ['was answered by the API with an error', 'response_complete', 500, false],
    ['was answered by the API about another lead', 'response_complete', 200, false],
    ['never left', 'never_written', null, false],
  ] as const)('%s: arrives late or not', (_what, evidence, httpStatus, late) => {
    expect(mayArriveLate({ evidence, httpStatus })).toBe(late);
  });
});

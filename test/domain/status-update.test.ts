import { describe, expect, it } from 'vitest';
import {
  canStatusUpdateMove,
  holdingStatusUpdateStates,
  openStatusUpdateStates,
  statusUpdateMoves,
  statusUpdateStates,
  type StatusUpdateState,
} from '../../src/domain/status-update.ts';

describe('the life of a status update', () => {
  it('is on its way only from received or waiting', () => {
    const from = statusUpdateStates.filter((state) => canStatusUpdateMove(state, 'pushing'));
    expect(from).toEqual(['received', 'waiting']);
  });

  it('ends for good when pushed, duplicate, superseded or cancelled', () => {
    const ends = statusUpdateStates.filter((state) => statusUpdateMoves[state].length === 0);
    expect(ends).toEqual(['pushed', 'duplicate', 'superseded', 'cancelled']);
  });

  it('holds later updates back in every state that may still be sent', () => {
    const holding: readonly StatusUpdateState[] = holdingStatusUpdateStates;
    for (const state of openStatusUpdateStates) expect(holding).toContain(state);
    expect(holding).toContain('failed');
    expect(holding).toContain('in_doubt');
    expect(holding).not.toContain('pushed');
  });
});

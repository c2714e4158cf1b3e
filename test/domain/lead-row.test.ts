import { describe, expect, it } from 'vitest';
import {
  canLeadRowMove,
  closedLeadRowStates,
  identityHoldingStates,
  leadRowMoves,
  leadRowStates,
  openLeadRowStates,
  parkedLeadRowStates,
  type LeadRowState,
} from '../../src/domain/lead-row.ts';

/** Every state that can be reached from `from`, over any number of moves that satisfy `allowed`. */
function reachable(from: LeadRowState, allowed: (state: LeadRowState, to: LeadRowState) => boolean): Set<LeadRowState> {
  const seen = new Set<LeadRowState>();
  const todo: LeadRowState[] = [from];
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    for (const to of leadRowMoves[state]) {
      if (allowed(state, to) && !seen.has(to)) {
        seen.add(to);
        todo.push(to);
      }
    }
  }
  return seen;
}

describe('the life of a lead row', () => {
  it('puts every state in exactly one of open, parked and closed', () => {
    for (const state of leadRowStates) {
      const lists = [
        openLeadRowStates,
        parkedLeadRowStates,
        closedLeadRowStates,
      ] as readonly (readonly LeadRowState[])[];
      expect(lists.filter((list) => list.includes(state)).length, state).toBe(1);
    }
  });

  it('never goes from registered or abandoned to anywhere', () => {
    for (const state of ['registered', 'abandoned'] as const) {
      expect(leadRowMoves[state]).toEqual([]);
    }
  });

  it('lets nothing that has its lead reach a state that can send', () => {
    for (const state of ['registered', 'registered_without_id'] as const) {
      expect(reachable(state, () => true).has('submitting')).toBe(false);
    }
  });

  it('announces a request only from checked, and never twice in a row', () => {
    for (const state of leadRowStates) expect(canLeadRowMove(state, 'submitting'), state).toBe(state === 'checked');
  });

  it('brings doubt back to sending only through waiting', () => {
    expect(canLeadRowMove('in_doubt', 'checked')).toBe(false);
    expect(canLeadRowMove('in_doubt', 'received')).toBe(false);
    // Neither by an operator's "send again" nor by a replay of what was refused: then there is no way.
    const people = (state: LeadRowState, to: LeadRowState): boolean =>
      (state === 'in_doubt' && to === 'waiting') ||
      ((state === 'rejected' || state === 'cancelled') && to === 'received');
    expect(reachable('in_doubt', (state, to) => !people(state, to)).has('submitting')).toBe(false);
  });

  it('lets a row be cancelled only where nothing can be on its way', () => {
    const from = leadRowStates.filter((state) => canLeadRowMove(state, 'cancelled'));
    // In doubt: a lead without a file, of which a person knows that it was not created (resolve-in-doubt.ts).
    expect(from).toEqual(['received', 'waiting', 'checked', 'rejected', 'failed', 'in_doubt']);
  });

  it('holds the identity in every state that may send, has sent or may have sent', () => {
    const holding: readonly LeadRowState[] = identityHoldingStates;
    for (const state of leadRowStates) {
      const maySend = openLeadRowStates.some((open) => open === state);
      const mayHaveSent = ['in_doubt', 'registered', 'registered_without_id', 'abandoned'].includes(state);
      expect(holding.includes(state), state).toBe(maySend || mayHaveSent);
    }
  });
});

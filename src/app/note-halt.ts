import type { CallOutcome, Endpoint } from '../domain/call-outcome.ts';
import type { HaltLedger } from './ports/ledger.ts';

/** An endpoint that refuses our credentials, path or certificate halts for everybody; any answer from it ends the halt. */
export async function noteHalt(ledger: HaltLedger, endpoint: Endpoint, outcome: CallOutcome<unknown>): Promise<void> {
  if (outcome.kind === 'halted') await ledger.halt(endpoint, outcome.code);
  else if (outcome.kind === 'answered' || outcome.kind === 'refused' || outcome.kind === 'inconclusive') {
    await ledger.endHalt(endpoint);
  }
}

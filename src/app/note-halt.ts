import type { CallOutcome, Endpoint } from '../domain/call-outcome.ts';
import type { HaltLedger } from './ports/ledger.ts';

/**
 * An endpoint that refuses our credentials, path or certificate halts for everybody, and so does one behind which a
 * sandbox answers in production, though the create that met it is in doubt. Any proper answer ends the halt.
 */
export async function noteHalt(ledger: HaltLedger, endpoint: Endpoint, outcome: CallOutcome<unknown>): Promise<void> {
  const isSandbox = outcome.kind === 'ambiguous' && outcome.code === 'API_IS_SANDBOX';
  if (outcome.kind === 'halted' || isSandbox) await ledger.halt(endpoint, outcome.code);
  else if (outcome.kind === 'answered' || outcome.kind === 'refused' || outcome.kind === 'inconclusive') {
    await ledger.endHalt(endpoint);
  }
}

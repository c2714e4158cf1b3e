import type { LedgerRow } from '../app/ports/row.ts';
import type { Resolved } from '../app/resolve-in-doubt.ts';
import type { ExitCode } from './cli.ts';
import { sayDuration } from '../view/duration.ts';
import { outcomeWords } from '../view/outcome-words.ts';

/** How `resolve` ends, and what it says. */
export function endOfResolve(
  row: Pick<LedgerRow, 'id' | 'kind'>,
  resolved: Resolved,
): { readonly code: ExitCode; readonly says: string } {
  switch (resolved.kind) {
    case 'resolved': {
      if (row.kind === 'lead' && resolved.state === 'cancelled')
        return {
          code: 0,
          says: `row ${row.id} holds its lead no more: it is sent from the partner's file, once this ledger has that file`,
        };
      const { word, means } = outcomeWords[resolved.state];
      return { code: 0, says: `row ${row.id} is ${word}: ${means}` };
    }
    case 'not_in_doubt':
      return { code: 2, says: `ROW: expected a row in doubt; row ${row.id} is ${outcomeWords[resolved.state].word}` };
    case 'wrong_verdict':
      return {
        code: 2,
        says:
          row.kind === 'lead'
            ? `row ${row.id} is a lead: expected --lead-id ID, --send-again, --no-id or --abandon`
            : `row ${row.id} is a status update: expected --pushed, --send-again or --cancel`,
      };
    case 'too_early':
      return {
        code: 1,
        says: `too early: the first request of row ${row.id} could still arrive. Try again in ${sayDuration(resolved.waitMs)}`,
      };
    case 'lead_id_taken':
      return {
        code: 1,
        says: `another row has this leadId: \`leadsync lead ID\` shows it. Row ${row.id} stays in doubt`,
      };
    case 'moved_on':
      return { code: 1, says: `row ${row.id} has moved on in between: \`leadsync lead ls-${row.id}\` shows how` };
  }
}

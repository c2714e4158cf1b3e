import { readSelection } from '../replays/read-selection.ts';
import type { RowSelection } from '../../app/ports/replay-ledger.ts';
import type { Console } from '../console.ts';
import { given, refuseFaults } from './query-faults.ts';
import type { Refusal } from './refusal.ts';

/** The rows that a filter of a body means. */
export function readSelected(
  filter: Parameters<typeof given>[0],
  { ports, settings }: Pick<Console, 'ports' | 'settings'>,
): { readonly kind: 'read'; readonly selection: RowSelection } | Refusal {
  const at = { now: new Date(ports.clock.wallMs()), timeZone: settings.surroundings.timeZone };
  const { asked, selection } = readSelection(given(filter), at);
  return refuseFaults(asked.faults) ?? { kind: 'read', selection };
}

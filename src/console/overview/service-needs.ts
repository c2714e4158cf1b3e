import type { NeedsPerson } from '../../view/needs-person.ts';
import type { Overview } from './read-overview.ts';

/** What a service that is not alive leaves undone. A person on a command line would start one; here somebody has to be told. */
export function serviceNeeds({ stock, instances }: Pick<Overview, 'instances' | 'stock'>): readonly NeedsPerson[] {
  const need = (what: string, then: string): NeedsPerson => ({
    alarm: 'services',
    level: 1,
    since: null,
    what,
    then,
    command: 'leadsync run',
    isUrgent: true,
    acknowledged: null,
    about: { kind: 'services' },
  });
  if (stock.isIdle)
    return [
      need(
        'rows wait for work, and no service that works them is alive',
        'Start one, on a host that reaches the Leads API.',
      ),
    ];
  if (instances.some(({ isAlive, roles }) => isAlive && roles.includes('intake'))) return [];
  return [need('no service that takes in files is alive', 'Start one, on a host that sees the inboxes.')];
}

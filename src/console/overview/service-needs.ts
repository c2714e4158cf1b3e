import type { NeedsPerson } from '../../view/needs-person.ts';
import type { Overview } from './read-overview.ts';

/** What a service that is not alive leaves undone. A person on a command line would start one; here somebody has to be told. */
export function serviceNeeds({ stock, instances }: Pick<Overview, 'instances' | 'stock'>): readonly NeedsPerson[] {
  const start = { isUrgent: true, about: { kind: 'services' }, since: null } as const;
  if (stock.isIdle) {
    const what = 'rows wait for work, and no service that works them is alive';
    return [{ what, then: 'Start one, on a host that reaches the Leads API.', command: 'leadsync run', ...start }];
  }
  if (instances.some(({ isAlive, roles }) => isAlive && roles.includes('intake'))) return [];
  const what = 'no service that takes in files is alive';
  return [{ what, then: 'Start one, on a host that sees the inboxes.', command: 'leadsync run', ...start }];
}

import type { LeadRowState } from './lead-row.ts';
import type { StatusUpdateState } from './status-update.ts';

/** Whether there is a lead to update, by the state of its row. `never`: none came of it, and none will by itself. */
export function lifeOfLead(state: LeadRowState | StatusUpdateState): 'registered' | 'not_yet' | 'never' {
  switch (state) {
    case 'registered':
      return 'registered';
    case 'rejected':
    case 'not_managed':
    case 'cancelled':
    case 'abandoned':
      return 'never';
    default:
      return 'not_yet';
  }
}

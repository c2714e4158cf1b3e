import { sql } from 'kysely';
import { acceptedFileStates } from '../../domain/file-life.ts';
import {
  endedLeadRowStates,
  identityHoldingStates,
  leadRowStates,
  openLeadRowStates,
  unsentRowStates,
} from '../../domain/lead-row.ts';
import { lifeOfLead } from '../../domain/life-of-lead.ts';
import { holdingStatusUpdateStates, openStatusUpdateStates } from '../../domain/status-update.ts';

/**
 * The domain's lists of states as SQL, literal, so that PostgreSQL sees that a partial index fits. One home each: a state
 * that is added to a list is added to every statement.
 */
const listOf = (states: readonly string[]) => sql.raw(`(${states.map((state) => `'${state}'`).join(', ')})`);

/** Rows of either kind in which work goes on by itself. */
export const openRowStates = listOf([...new Set([...openLeadRowStates, ...openStatusUpdateStates])]);
export const identityStates = listOf(identityHoldingStates);
export const endedLeadStates = listOf(endedLeadRowStates);
/** Of a lead: it is there, or will never be. */
export const knownLeadStates = listOf(leadRowStates.filter((state) => lifeOfLead(state) !== 'not_yet'));
/** Updates that hold back every later one of their lead. */
export const holdingUpdateStates = listOf(holdingStatusUpdateStates);
/** Of either kind. */
export const unsentStates = listOf(unsentRowStates);
export const acceptedStates = listOf(acceptedFileStates);

/** What rows rarely come to and work passes through on no way: listings find them by an index of their own. */
export const statesApart: readonly string[] = [
  'rejected',
  'failed',
  'in_doubt',
  'registered_without_id',
  'cancelled',
  'abandoned',
  'superseded',
];

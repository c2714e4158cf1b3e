import type { ErasureView } from '../../app/ports/erasure-ledger.ts';
import type { RetentionDay } from '../../app/ports/retention-days.ts';
import type { Query } from '../frame/query.ts';
import type { ConsolePorts } from '../ports.ts';

/** Erasures on a page, and days of retention. */
const pageSize = 25;

export interface ErasuresListed {
  readonly erasures: readonly ErasureView[];
  readonly days: readonly RetentionDay[];
  /** Where the older ones of either are. Null: there are none. */
  readonly nextErasures: string | null;
  readonly nextDays: string | null;
  /** Where the page begins. Null: with the newest. */
  readonly before: string | null;
  readonly day: string | null;
}

/** What was erased for whom it concerned, and what retention has taken: who, when, how much. Nothing of a person. */
export async function readErasures(
  { erasures, retentionDays }: Pick<ConsolePorts, 'erasures' | 'retentionDays'>,
  query: Query,
  timeZone: string,
): Promise<ErasuresListed> {
  const idOf = (text: string | undefined): string | null => (/^\d{1,18}$/.test(text ?? '') ? (text ?? null) : null);
  const [before, day] = [idOf(query['before']), idOf(query['day'])];
  const [found, { days, next }] = await Promise.all([
    erasures.erasures({ limit: pageSize + 1, ...(before === null ? {} : { belowId: before }) }),
    retentionDays.page({ before: day, limit: pageSize, timeZone }),
  ]);
  const shown = found.slice(0, pageSize);
  return {
    erasures: shown,
    days,
    nextErasures: found.length > pageSize ? (shown.at(-1)?.id ?? null) : null,
    nextDays: next,
    before,
    day,
  };
}

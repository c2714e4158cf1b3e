import type { LedgerFile } from '../app/ports/ledger.ts';
import { sayDuration } from './duration.ts';

/** A million rows are read within a minute; what takes this long is not being read. */
const unreadIsUrgentAfterMs = 15 * 60_000;

type SeenFile = Pick<LedgerFile, 'id' | 'partner' | 'state'> & Partial<Pick<LedgerFile, 'dueAt'>>;

/**
 * Files that were to be read long ago, one need a partner: no service sees them or has their config, or reading fails each
 * time. Their rows are in no count yet, so nothing else would tell.
 */
export function ofUnreadFiles(files: readonly SeenFile[], now: Date) {
  const unread = files.flatMap(({ id, partner, state, dueAt }) =>
    (state === 'arrived' || state === 'reading') &&
    dueAt !== undefined &&
    now.getTime() - dueAt.getTime() > unreadIsUrgentAfterMs
      ? [{ id, partner, dueAt }]
      : [],
  );
  return [...Map.groupBy(unread, ({ partner }) => partner)].map(([partner, all]) => {
    const oldest = all.reduce((one, other) => (other.dueAt < one.dueAt ? other : one));
    const forMs = now.getTime() - oldest.dueAt.getTime();
    return {
      alarm: `unread:${partner}`,
      level: all.length,
      since: oldest.dueAt,
      about: { kind: 'file', id: oldest.id } as const,
      what: `${all.length === 1 ? `file ${oldest.id} of ${partner} has` : `${all.length} files of ${partner} have`} not been read, due for ${sayDuration(forMs)}`,
      then: 'Is its config there, and does a service see the archive? What failed stands in its log.',
      command: `leadsync file ${oldest.id}`,
      isUrgent: true,
    };
  });
}

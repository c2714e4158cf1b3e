import { partnerForLog } from './partner-for-log.ts';
import type { Ports } from './ports.ts';
import type { FolderSight } from './ports/folders.ts';
import type { InboxCounts, InboxNote } from './ports/ledger.ts';

/** Files of one partner that are whole and could not be claimed. */
export interface Stuck {
  readonly files: number;
  /** The system's code of the last one, or of the fault of our own that keeps them. */
  readonly trouble: string;
}

export type InboxNotes = (folders: readonly FolderSight[], stuck: ReadonlyMap<string, Stuck>) => Promise<void>;

/** Tells people what is not taken in, when it changes: in the ledger for `status`, and in the log. By count, never by name. */
export function createInboxNotes(ports: Pick<Ports, 'instance' | 'ledger' | 'log' | 'partners'>): InboxNotes {
  let noted = '[]';

  return async (folders, stuck) => {
    const sights = new Map(folders.map((sight) => [sight.partner, sight]));
    const notes = [...new Set([...sights.keys(), ...stuck.keys()])]
      .toSorted()
      .map((partner) => noteOf(partner, sights.get(partner), stuck.get(partner)))
      .filter(hasNews);
    const picture = JSON.stringify(notes.map(countsOf));
    if (picture === noted) return;
    await ports.ledger.noteInboxes(ports.instance, notes);
    noted = picture;
    for (const counts of notes.map(countsOf)) {
      ports.log.event('inboxNoted', { ...counts, partner: partnerForLog(ports, counts.partner) });
    }
  };
}

function noteOf(partner: string, sight: FolderSight | undefined, stuck: Stuck | undefined): InboxNote {
  return {
    partner,
    arriving: sight?.overdue ?? 0,
    arrivingForMs: sight?.overdueForMs ?? 0,
    passedOver: sight?.passedOver ?? 0,
    stuck: stuck?.files ?? 0,
    trouble: stuck?.trouble ?? sight?.trouble ?? null,
  };
}

/** Without the age, which grows at every look and is no news. */
function countsOf({ partner, arriving, passedOver, stuck, trouble }: InboxNote): InboxCounts {
  return { partner, arriving, passedOver, stuck, trouble };
}

function hasNews({ arriving, passedOver, stuck, trouble }: InboxNote): boolean {
  return arriving > 0 || passedOver > 0 || stuck > 0 || trouble !== null;
}

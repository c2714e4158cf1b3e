import type { CompanionRole, FolderSight, FoundFile, InboxLook } from '../../app/ports/folders.ts';
import { companionName, foldName, isCompanionName, type CompanionRules } from '../../domain/companion-file.ts';
import { endingOf, type Ending } from './ending.ts';
import { stampOf } from './file-stamp.ts';
import { listInbox, type Candidate, type FolderListing } from './list-inbox.ts';
import { pathKey } from './raw-path.ts';

export interface Arrival {
  /** One look at every partner's folder. */
  look(rulesOf: (partner: string) => CompanionRules): Promise<InboxLook>;
}

/** What looks remember of a file. */
interface Seen {
  readonly stamp: string;
  /** When it was first seen with this stamp, and when at all. */
  readonly sinceMs: number;
  readonly firstMs: number;
  readonly ending: Ending | null;
}

interface Watched {
  readonly file: Candidate;
  readonly seen: Seen;
  /** Null at first sight: no single look proves anything. */
  readonly unchangedMs: number | null;
}

/** From here on a file that is still not whole is told to people. */
const overdueMs = 30 * 60_000;

/**
 * So many times the age for what looks whole to nobody yet: an empty file (many programs make it first and write when
 * they close it), a last line without its break (it may be half a record; with 20 s a stalled connection has had its
 * first four retransmissions), a file in a sub-folder (it may be moved on).
 */
const patience = 10;

/**
 * Proves that files have arrived whole, by our own history of their stats: size alone betrays files that are allocated
 * at once, a single look betrays everything. The first look at a file never succeeds. `nowMs` must never jump back.
 */
export function createArrival(options: {
  readonly inbox: string;
  readonly ageMs: number;
  readonly nowMs: () => number;
}): Arrival {
  const { inbox, ageMs, nowMs } = options;
  let history: ReadonlyMap<string, Seen> = new Map();

  async function watch(file: Candidate, now: number): Promise<Watched> {
    const last = history.get(pathKey(file.path));
    const stamp = stampOf(file.stats);
    if (last?.stamp !== stamp) {
      const seen = { stamp, sinceMs: now, firstMs: last?.firstMs ?? now, ending: null };
      return { file, seen, unchangedMs: null };
    }
    const unchangedMs = now - last.sinceMs;
    const ending = last.ending ?? (unchangedMs < ageMs ? null : await endingOf(file.path, Number(file.stats.size)));
    return { file, seen: { ...last, ending }, unchangedMs };
  }

  const isSettled = ({ file, unchangedMs }: Watched): boolean =>
    !file.isUploading && unchangedMs !== null && unchangedMs >= ageMs;

  function isWhole(watched: Watched, isVouchedFor: boolean): boolean {
    const { file, seen, unchangedMs } = watched;
    if (!isSettled(watched) || unchangedMs === null) return false;
    if (file.isInSubfolder) return unchangedMs >= patience * ageMs;
    if (isVouchedFor || seen.ending === 'line_break') return true;
    return unchangedMs >= (seen.ending === 'hole' ? Math.max(overdueMs, patience * ageMs) : patience * ageMs);
  }

  /** Sorts the files of one folder into those that are ready and those that are not. */
  function judge(listing: FolderListing, watched: readonly Watched[], rules: CompanionRules) {
    const templates = Object.entries(rules).flatMap(([role, template]) =>
      template === null ? [] : [{ role: role as CompanionRole, template }],
    );
    const isCompanion = ({ file }: Watched): boolean =>
      !file.isInSubfolder && templates.some(({ template }) => isCompanionName(template, file.name));
    const companions = new Map(watched.filter(isCompanion).map((one) => [foldName(one.file.name), one]));
    const ready: FoundFile[] = [];
    const waiting = new Set(watched);
    for (const one of watched) {
      if (isCompanion(one)) continue;
      const wanted = one.file.isInSubfolder ? [] : templates;
      const found = wanted.map(({ role, template }) => {
        return { role, companion: companions.get(foldName(companionName(template, one.file.name))) };
      });
      const isComplete = found.every(({ companion }) => companion !== undefined && isSettled(companion));
      if (!isComplete || !isWhole(one, found.length > 0)) continue;
      waiting.delete(one);
      for (const { companion } of found) if (companion !== undefined) waiting.delete(companion);
      ready.push({
        partner: listing.partner,
        name: one.file.name,
        path: one.file.path,
        stamp: one.seen.stamp,
        firstSeenMs: one.seen.firstMs,
        isInSubfolder: one.file.isInSubfolder,
        companions: Object.fromEntries(found.map(({ role, companion }) => [role, companion?.file.path])),
      });
    }
    return { ready, waiting: [...waiting] };
  }

  return {
    async look(rulesOf) {
      const next = new Map<string, Seen>();
      const ready: FoundFile[] = [];
      const folders: FolderSight[] = [];
      for (const listing of await listInbox(inbox)) {
        const now = nowMs();
        const watched: Watched[] = [];
        for (const file of listing.files) {
          const one = await watch(file, now);
          watched.push(one);
          next.set(pathKey(file.path), one.seen);
        }
        const judged = judge(listing, watched, rulesOf(listing.partner));
        ready.push(...judged.ready);
        const { partner, passedOver, trouble } = listing;
        const sight = { partner, passedOver, trouble, ...waitingOf(judged.waiting, now) };
        if (sight.arriving > 0 || passedOver > 0 || trouble !== null) folders.push(sight);
      }
      history = next;
      return { ready, folders };
    },
  };
}

function waitingOf(waiting: readonly Watched[], now: number) {
  const ages = waiting.map(({ seen }) => now - seen.firstMs);
  const overdue = ages.filter((age) => age >= overdueMs);
  return { arriving: ages.length, overdue: overdue.length, overdueForMs: Math.max(0, ...overdue) };
}

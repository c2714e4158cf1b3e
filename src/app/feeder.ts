import { defaultAccount } from '../domain/account.ts';
import type { RowKind } from '../domain/file-life.ts';
import { isProbeDue } from '../domain/probe.ts';
import { ingestJob, reportJob, settleJob } from './feed-jobs.ts';
import { offerRows } from './offer-rows.ts';
import type { Ports } from './ports.ts';
import type { Stops } from './ports/account-ledger.ts';
import type { JobName } from './ports/job-queue.ts';
import type { DueCursor } from './ports/ledger.ts';

type FeederPorts = Pick<Ports, 'clock' | 'ledger' | 'partners' | 'queue' | 'settings'>;

/** From the start again so often: re-offers what the queue lost. What is queued already is a no-op. */
const rewindMs = 15_000;
/** Rows offered while a probe is wanted: the first that may be asked about takes it, the others stay as they are. */
const candidates = 3;

/** Between two turns the window is filled up when so much of it has been worked: a few large offers, not many small. */
const refillShare = 0.25;

export interface Feeder {
  /** A whole turn: files to read and to settle, and rows up to the window. Answers how many rows were offered. */
  tick(): Promise<number>;
  /**
   * Rows alone, and only while more are due than the window held: a service that works a window faster than turns come
   * would rest until the next. Asks nobody anything where nothing is left. Answers how many rows were offered.
   */
  refill(): Promise<number>;
}

/**
 * Keeps a bounded window of due work in the queue, partner by partner in turn, so that a million rows neither fill the
 * queue nor hold up another partner's ten. One at a time (the leader). Remembers per partner how far it has offered and
 * begins again from time to time: the queue may have been flushed, and only the ledger knows. What may not call now is
 * not offered; when that is over it begins again at once.
 */
export function createFeeder(ports: FeederPorts): Feeder {
  const cursors: Record<RowKind, Map<string, DueCursor>> = { lead: new Map(), update: new Map() };
  const isMoreDue: Record<RowKind, boolean> = { lead: false, update: false };
  const servedLast: Record<RowKind, string> = { lead: '', update: '' };
  let rewoundAt = -Infinity;
  let stoppedBefore: string | null = null;
  let underWay: Promise<unknown> = Promise.resolve();

  /** A turn and a refill share cursors: one after the other. */
  function alone<T>(feed: () => Promise<T>): Promise<T> {
    const fed = underWay.then(feed);
    underWay = fed.catch(() => undefined);
    return fed;
  }

  async function feedRows(kind: RowKind, stops: Stops, leastRoom: number): Promise<number> {
    const most = roomFor(kind, stops);
    const room = most === 'window' ? ports.settings.window - (await ports.queue.load(jobOf[kind])) : most;
    isMoreDue[kind] = most === 'window';
    if (room < leastRoom) return 0;
    const paused = new Set(stops.pauses.map((pause) => pause.partner));
    const all = (await ports.ledger.partnersWithWork(kind)).filter((partner) => !paused.has(partner));
    // Where there is not room enough for all, the next turn goes on with those who got nothing.
    const partners = [
      ...all.filter((partner) => partner > servedLast[kind]),
      ...all.filter((partner) => partner <= servedLast[kind]),
    ];
    const share = Math.max(1, Math.floor(room / Math.max(1, partners.length)));
    let offered = 0;
    for (const partner of partners) {
      if (offered >= room) break;
      const rows = await ports.ledger.dueRows(
        kind,
        partner,
        cursors[kind].get(partner) ?? null,
        Math.min(share, room - offered),
      );
      const last = rows.at(-1);
      if (last === undefined) continue;
      await offerRows(ports, kind, rows);
      cursors[kind].set(partner, { nextAt: last.nextAt, id: last.id });
      servedLast[kind] = partner;
      offered += rows.length;
    }
    isMoreDue[kind] &&= offered > 0;
    return offered;
  }

  /** Files that are worked on for so long that their partner is told how far it has come. */
  async function offerReports(): Promise<void> {
    const everyMs = (id: string): number => ports.partners.get(id)?.results.everyMs ?? Infinity;
    const soonest = Math.min(...ports.partners.list().map(({ id }) => everyMs(id)));
    if (!Number.isFinite(soonest)) return;
    const files = await ports.ledger.filesToReport(soonest);
    await ports.queue.offer(files.filter((file) => file.reportAgeMs >= everyMs(file.partner)).map(reportJob));
  }

  function rewind(): void {
    rewoundAt = ports.clock.monotonicMs();
    cursors.lead.clear();
    cursors.update.clear();
  }

  async function turn(): Promise<number> {
    const stops = await ports.ledger.stops(defaultAccount);
    const stopped = nameStops(stops);
    if (stoppedBefore !== null && stopped !== stoppedBefore) rewind();
    stoppedBefore = stopped;
    const isRound = ports.clock.monotonicMs() - rewoundAt > rewindMs * Math.max(0.1, ports.settings.timeScale);
    if (isRound) {
      rewind();
      await offerReports();
    }
    await ports.queue.offer((await ports.ledger.filesDue()).map(ingestJob));
    const leads = await feedRows('lead', stops, 1);
    const updates = await feedRows('update', stops, 1);
    // A file whose rows moved between two looks, and have been summed up since, is found with the next round.
    await ports.queue.offer((await ports.ledger.filesToSettle({ onlyMoving: !isRound })).map(settleJob));
    return leads + updates;
  }

  async function refill(): Promise<number> {
    const stops = await ports.ledger.stops(defaultAccount);
    const leastRoom = Math.max(1, Math.floor(ports.settings.window * refillShare));
    let offered = 0;
    for (const kind of ['lead', 'update'] as const)
      if (isMoreDue[kind]) offered += await feedRows(kind, stops, leastRoom);
    return offered;
  }

  return {
    tick: () => alone(turn),
    async refill() {
      if (!(isMoreDue.lead || isMoreDue.update)) return 0;
      try {
        return await alone(refill);
      } catch (error) {
        // It is asked for many times a second: with the queue or the ledger away it rests until a turn gets through.
        Object.assign(isMoreDue, { lead: false, update: false });
        throw error;
      }
    },
  };
}

const jobOf: Readonly<Record<RowKind, JobName>> = { lead: 'register-lead', update: 'push-status' };

/** The whole window, or no more than what a probe takes. */
function roomFor(kind: RowKind, { breaker, halts, pauses, rollCall }: Stops): 'window' | number {
  if (rollCall !== null || pauses.some((pause) => pause.partner === null)) return 0;
  const own = halts.filter(({ endpoint }) => (endpoint === 'updateLead') === (kind === 'update'));
  const probes = [...(breaker.state === 'closed' ? [] : [breaker.probe]), ...own.map((halt) => halt.probe)];
  if (probes.length === 0) return 'window';
  return probes.every(isProbeDue) ? candidates : 0;
}

/** What is stopped, and not since when or how often it was probed; and what has begun anew since, and was refused before all had looked. */
function nameStops({ breaker, era, halts, pauses, rollCall }: Stops): string {
  const names = [
    `era ${era ?? ''}`,
    ...(rollCall === null ? [] : ['roll call']),
    ...(breaker.state === 'closed' ? [] : ['breaker']),
    ...halts.map((halt) => halt.endpoint),
    ...pauses.map((pause) => `pause ${pause.partner ?? ''}`),
  ];
  return names.toSorted().join(' ');
}

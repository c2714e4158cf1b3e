import type { RowKind } from '../domain/file-life.ts';
import { ingestJob, reportJob, rowJobOf, settleJob } from './feed-jobs.ts';
import type { Ports } from './ports.ts';
import type { JobName } from './ports/job-queue.ts';
import type { DueCursor } from './ports/ledger.ts';

type FeederPorts = Pick<Ports, 'clock' | 'ledger' | 'partners' | 'queue' | 'settings'>;

/** From the start again so often: re-offers what the queue lost. What is queued already is a no-op. */
const rewindMs = 15_000;
/** While an endpoint is halted one row goes so often, as the probe. */
const probeMs = 15_000;

/**
 * Keeps a bounded window of due work in the queue, partner by partner in turn, so that a million rows neither fill the
 * queue nor hold up another partner's ten. One at a time (the leader). Remembers per partner how far it has offered and
 * begins again from time to time: the queue may have been flushed, and only the ledger knows.
 */
export function createFeeder(ports: FeederPorts): { tick(): Promise<number> } {
  const cursors: Record<RowKind, Map<string, DueCursor>> = { lead: new Map(), update: new Map() };
  const lastProbe: Record<RowKind, number> = { lead: -Infinity, update: -Infinity };
  let rewoundAt = ports.clock.monotonicMs();

  async function feedRows(kind: RowKind, name: JobName, halted: boolean): Promise<number> {
    let room = ports.settings.window - (await ports.queue.load(name));
    if (halted) {
      if (ports.clock.monotonicMs() - lastProbe[kind] < probeMs * ports.settings.timeScale) return 0;
      lastProbe[kind] = ports.clock.monotonicMs();
      room = Math.min(room, 1);
    }
    if (room <= 0) return 0;
    const partners = await ports.ledger.partnersWithWork(kind);
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
      await ports.queue.offer(rows.map((row) => rowJobOf(kind, row)));
      cursors[kind].set(partner, { nextAt: last.nextAt, id: last.id });
      offered += rows.length;
    }
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

  return {
    async tick() {
      if (ports.clock.monotonicMs() - rewoundAt > rewindMs * Math.max(0.1, ports.settings.timeScale)) {
        rewoundAt = ports.clock.monotonicMs();
        cursors.lead.clear();
        cursors.update.clear();
        await offerReports();
      }
      await ports.queue.offer((await ports.ledger.filesDue()).map(ingestJob));
      const halts = new Set((await ports.ledger.halts()).map((halt) => halt.endpoint));
      const leads = await feedRows('lead', 'register-lead', halts.has('clientData') || halts.has('altaLead'));
      const updates = await feedRows('update', 'push-status', halts.has('updateLead'));
      await ports.queue.offer((await ports.ledger.filesToSettle()).map(settleJob));
      return leads + updates;
    },
  };
}

import { forecastNights } from '../app/forecast-nights.ts';
import { scaledPatience } from '../app/change-breaker.ts';
import type { Stops } from '../app/ports/account-ledger.ts';
import type { GapLedger } from '../app/ports/gap-ledger.ts';
import type { InboxView, LedgerFileView, LedgerViews } from '../app/ports/ledger.ts';
import type { ReplayBatch } from '../app/ports/replay-ledger.ts';
import { readStanding } from '../app/read-expected.ts';
import type { OpenedLedger } from './cli.ts';
import { isOpenState } from './outcome-words.ts';
import { acknowledge, needsPerson, type NeedsPerson, type PresentState } from './needs-person.ts';
import { defaultAccount } from '../domain/account.ts';
import { noCompanions } from '../domain/companion-file.ts';
import { rowKindsOf } from '../domain/file-life.ts';
import type { RowState } from '../app/ports/row.ts';
import { breakerStanding, type BreakerStanding } from './stop-words.ts';
import { UsageFault } from './usage-fault.ts';

export interface NamedFile extends LedgerFileView {
  /** Its name, opened. */
  readonly text: string;
}

/** What `status` shows, as it is in the ledger at one look. */
export interface Stock {
  readonly files: readonly NamedFile[];
  /** There are older files than these. */
  readonly hasMoreFiles: boolean;
  readonly counts: PresentState['counts'];
  readonly halts: Stops['halts'];
  readonly pauses: Stops['pauses'];
  readonly gaps: Awaited<ReturnType<GapLedger['gaps']>>;
  readonly breaker: BreakerStanding;
  /** What the services see in the inboxes and do not take. */
  readonly inboxes: readonly InboxView[];
  /** Files in the inboxes that nobody takes, since no `leadsync run` is alive. */
  readonly untaken: number;
  readonly needsPerson: readonly NeedsPerson[];
  /** Rows wait for work and no `leadsync run` is alive. */
  readonly isIdle: boolean;
}

/** A file that was refused is looked for among so many of the newest. */
const filesLookedAt = 200;

/** Everything, or one file (a UsageFault when there is no such file). */
export async function takeStock(
  ports: Pick<
    OpenedLedger,
    'alarms' | 'erasures' | 'folders' | 'gap' | 'ledger' | 'nights' | 'partners' | 'replays' | 'settings' | 'vault'
  >,
  wanted: { readonly fileId: string | null; readonly limit: number },
): Promise<Stock> {
  const { erasures, folders, gap, ledger, replays, settings, vault } = ports;
  const newest =
    wanted.fileId === null
      ? await ledger.files({ limit: Math.max(filesLookedAt, wanted.limit + 1) })
      : [await oneFile(ledger, wanted.fileId)];
  const counts = wanted.fileId === null ? await ledger.counts() : newest.flatMap(countsOf);
  const stops = await ledger.stops(defaultAccount);
  const { halts, pauses } = stops;
  const gaps = await gap.gaps();
  const { ratePerSecond, timeScale } = settings;
  const breaker = breakerStanding(stops, { ratePerSecond, patience: scaledPatience(timeScale), now: new Date() });
  const files = await Promise.all(
    newest.slice(0, wanted.limit).map(async (file) => {
      const key = await vault.keyById(file.keyId);
      return { ...file, text: key.open(file.name) };
    }),
  );
  const inboxes = wanted.fileId === null ? await ledger.inboxes() : [];
  const underWay = wanted.fileId === null ? await runningOf(replays) : [];
  const unfinished =
    wanted.fileId === null
      ? await Promise.all((await erasures.unfinishedErasures()).map(({ id }) => erasures.erasures({ limit: 1, id })))
      : [];
  const hasWork = underWay.length > 0 || counts.some((count) => count.n > 0 && isOpenState(count.state));
  return {
    files,
    hasMoreFiles: newest.length > files.length,
    counts,
    halts,
    pauses,
    gaps,
    breaker,
    inboxes,
    untaken: wanted.fileId === null && !(await ledger.serviceAlive('intake')) ? await filesIn(folders) : 0,
    needsPerson: acknowledge(
      needsPerson({
        counts,
        gaps,
        halts,
        pauses,
        breaker: stops.breaker,
        inboxes,
        dues: wanted.fileId === null ? await readStanding(ports) : [],
        forecasts: wanted.fileId === null ? await forecastNights(ports) : [],
        replays: underWay,
        erasures: unfinished.flat(),
        files: newest,
      }),
      await ports.alarms.acknowledgements(),
      new Date(),
    ),
    isIdle: hasWork && !(await ledger.serviceAlive('worker')),
  };
}

async function runningOf(replays: OpenedLedger['replays']): Promise<readonly ReplayBatch[]> {
  const batches = await Promise.all((await replays.runningReplays()).map((id) => replays.replayBatch(id)));
  return batches.filter((batch) => batch !== null);
}

async function filesIn(folders: OpenedLedger['folders']): Promise<number> {
  const look = await folders.scan(() => noCompanions);
  return look.folders.reduce((sum, { arriving }) => sum + arriving, 0);
}

async function oneFile(ledger: LedgerViews, id: string): Promise<LedgerFileView> {
  const file = await ledger.fileView(id);
  if (file === null)
    throw new UsageFault(`FILE-ID: expected the id of a file (\`leadsync status\` lists them); got "${id}"`);
  return file;
}

function countsOf(file: LedgerFileView): PresentState['counts'] {
  const { countsByKind, partner } = file;
  return rowKindsOf(file.kind).flatMap((kind) =>
    Object.entries(countsByKind[kind] ?? {}).map(([state, n]) => ({ kind, partner, state: state as RowState, n })),
  );
}

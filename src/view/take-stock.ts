import { openFileName } from '../app/file-name.ts';
import { forecastNights } from '../app/forecast-nights.ts';
import { scaledPatience } from '../app/change-breaker.ts';
import type { Ports } from '../app/ports.ts';
import type { Stops } from '../app/ports/account-ledger.ts';
import type { GapLedger } from '../app/ports/gap-ledger.ts';
import type { InboxView, LedgerFile, LedgerFileView } from '../app/ports/ledger.ts';
import type { ReplayBatch, ReplayLedger } from '../app/ports/replay-ledger.ts';
import type { AlarmLedger } from '../app/ports/alarm-ledger.ts';
import type { DeliveryLedger } from '../app/ports/delivery-ledger.ts';
import type { ErasureLedger } from '../app/ports/erasure-ledger.ts';
import type { LedgerPages } from '../app/ports/ledger-pages.ts';
import type { NightLedger } from '../app/ports/night-ledger.ts';
import { readStanding } from '../app/read-expected.ts';
import { isOpenState } from './outcome-words.ts';
import { acknowledge, needsPerson, type NeedsPerson, type PresentState } from './needs-person.ts';
import { defaultAccount } from '../domain/account.ts';
import { maskPersonal } from '../domain/mask-personal.ts';
import { noCompanions } from '../domain/companion-file.ts';
import { rowKindsOf } from '../domain/file-life.ts';
import type { RowState } from '../app/ports/row.ts';
import { breakerStanding, type BreakerStanding } from './stop-words.ts';

export interface NamedFile extends LedgerFileView {
  /** Its name, opened; whom a partner has put into it is masked. */
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
  readonly rollCall: Stops['rollCall'];
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

export interface StockPorts extends Pick<Ports, 'ledger' | 'partners' | 'settings' | 'vault'> {
  readonly alarms: Pick<AlarmLedger, 'acknowledgements'>;
  readonly deliveries: Pick<DeliveryLedger, 'troubles'>;
  readonly erasures: Pick<ErasureLedger, 'erasures' | 'unfinishedErasures'>;
  readonly nights: Pick<NightLedger, 'arrivalsSince' | 'openFiles' | 'stopEvents' | 'watch'>;
  readonly folders: Pick<Ports['folders'], 'scan'>;
  readonly gap: Pick<GapLedger, 'gaps'>;
  readonly pages: Pick<LedgerPages, 'oldestParked'>;
  readonly replays: Pick<ReplayLedger, 'replayBatch' | 'runningReplays'>;
}

/** Everything, with so many of the newest files. */
export async function takeStock(ports: StockPorts, { limit }: { readonly limit: number }): Promise<Stock> {
  const { deliveries, erasures, folders, ledger, pages, replays } = ports;
  const listed = await ledger.files({ limit: limit + 1 });
  const newest = await ledger.newestFiles(filesLookedAt);
  const counts = await ledger.counts();
  const inboxes = await ledger.inboxes();
  const underWay = await runningOf(replays);
  const unfinished = (await erasures.unfinishedErasures()).map(({ id }) => erasures.erasures({ limit: 1, id }));
  const around = {
    inboxes,
    services: await ledger.serviceTroubles(),
    dues: await readStanding(ports),
    forecasts: await forecastNights(ports),
    replays: underWay,
    erasures: (await Promise.all(unfinished)).flat(),
    oldest: await pages.oldestParked(),
    troubles: await deliveries.troubles(),
    now: new Date(),
  };
  return {
    ...(await stockOf(ports, { shown: listed.slice(0, limit), newest, counts, around })),
    hasMoreFiles: listed.length > limit,
    inboxes,
    untaken: (await ledger.serviceAlive('intake')) ? 0 : await filesIn(folders),
    isIdle: (underWay.length > 0 || hasOpenRows(counts)) && !(await ledger.serviceAlive('worker')),
  };
}

/** One file; null when there is no such file. */
export async function takeStockOfFile(ports: StockPorts, fileId: string): Promise<Stock | null> {
  const { ledger } = ports;
  const file = await ledger.fileView(fileId);
  if (file === null) return null;
  const counts = countsOf(file);
  return {
    ...(await stockOf(ports, { shown: [file], newest: [file], counts, around: {} })),
    hasMoreFiles: false,
    inboxes: [],
    untaken: 0,
    isIdle: hasOpenRows(counts) && !(await ledger.serviceAlive('worker')),
  };
}

interface Found extends Pick<PresentState, 'counts'> {
  readonly shown: readonly LedgerFileView[];
  /** Among which refused ones are looked for. */
  readonly newest: readonly LedgerFile[];
  readonly around: Partial<PresentState>;
}

async function stockOf(
  { alarms, gap, ledger, settings, vault }: StockPorts,
  { shown, newest, counts, around }: Found,
): Promise<Pick<Stock, 'breaker' | 'counts' | 'files' | 'gaps' | 'halts' | 'needsPerson' | 'pauses' | 'rollCall'>> {
  const stops = await ledger.stops(defaultAccount);
  const { breaker, halts, pauses, rollCall } = stops;
  const gaps = await gap.gaps();
  const { ratePerSecond, timeScale } = settings;
  const files = await Promise.all(
    shown.map(async (file) => ({ ...file, text: maskPersonal(await openFileName(vault, file)) })),
  );
  return {
    files,
    counts,
    halts,
    pauses,
    rollCall,
    gaps,
    breaker: breakerStanding(stops, { ratePerSecond, patience: scaledPatience(timeScale), now: new Date() }),
    needsPerson: acknowledge(
      needsPerson({ counts, gaps, halts, pauses, breaker, files: newest, ...around }),
      await alarms.acknowledgements(),
      new Date(),
    ),
  };
}

function hasOpenRows(counts: PresentState['counts']): boolean {
  return counts.some((count) => count.n > 0 && isOpenState(count.state));
}

async function runningOf(replays: StockPorts['replays']): Promise<readonly ReplayBatch[]> {
  const batches = await Promise.all((await replays.runningReplays()).map((id) => replays.replayBatch(id)));
  return batches.filter((batch) => batch !== null);
}

async function filesIn(folders: StockPorts['folders']): Promise<number> {
  const look = await folders.scan(() => noCompanions);
  return look.folders.reduce((sum, { arriving }) => sum + arriving, 0);
}

function countsOf(file: LedgerFileView): PresentState['counts'] {
  const { countsByKind, partner } = file;
  return rowKindsOf(file.kind).flatMap((kind) =>
    Object.entries(countsByKind[kind] ?? {}).map(([state, n]) => ({ kind, partner, state: state as RowState, n })),
  );
}

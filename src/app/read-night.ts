import type { FaultCode } from '../domain/faults.ts';
import type { FileKind, FileState, RowKind } from '../domain/file-life.ts';
import { spanOfNight } from '../domain/night.ts';
import { stoppagesOf, stoppagesWithin, type Stoppage } from '../domain/stoppage.ts';
import { forecastNights, type ForecastPorts, type NightForecast } from './forecast-nights.ts';
import type { Ports } from './ports.ts';
import type { CountsByKind, LedgerFileView } from './ports/ledger.ts';
import type { NightLedger, NightRun } from './ports/night-ledger.ts';
import type { Schedules } from './ports/schedules.ts';
import { readExpected, type ExpectedPorts, type PartnerDue } from './read-expected.ts';

export type NightReportPorts = ForecastPorts &
  ExpectedPorts &
  Pick<Ports, 'settings'> & { readonly nights: NightLedger; readonly schedules: Schedules };

/** A night of every partner, by ids and counts alone: nothing of a person, and no name of a file. */
export interface NightReport {
  readonly night: string;
  /** By the installation's clock; a partner's night is of its own time zone. */
  readonly from: Date;
  readonly to: Date;
  readonly isOver: boolean;
  /** Those that expect something, have a schedule, or had a file. */
  readonly partners: readonly PartnerNight[];
  readonly stoppages: readonly Stoppage[];
}

export interface PartnerNight {
  readonly partner: string;
  /** Null: there was none, or the partner has no schedule. */
  readonly run: NightRun | null;
  /** Null without a schedule. */
  readonly nextRunAt: Date | null;
  readonly expected: readonly PartnerDue[];
  readonly files: readonly NightFile[];
  /** What has become of the rows of these files, as things stand now. */
  readonly outcomes: CountsByKind;
  /** Null: the results are there, or nobody waits for them at a certain hour. */
  readonly forecast: NightForecast | null;
}

export interface NightFile {
  readonly id: string;
  readonly kind: FileKind;
  readonly state: FileState;
  readonly code: FaultCode | null;
  readonly arrivedAt: Date;
  readonly dueAt: Date;
  readonly settledAt: Date | null;
  readonly waitsForRun: boolean;
  readonly rows: number;
}

/** How far back a stoppage may have begun that reaches into the night. */
const longestStoppageMs = 30 * 24 * 3_600_000;

export async function readNight(ports: NightReportPorts, night: string): Promise<NightReport> {
  const { nights, partners, schedules, settings } = ports;
  const span = spanOfNight(night, settings.timeZone);
  const { now } = await nights.watch();
  const expected = await readExpected(ports, ({ timeZone }) => spanOfNight(night, timeZone));
  const [files, runs] = [await nights.filesOfNight(night), await nights.runsOf(night)];
  const forecasts = await forecastNights(ports);
  const events = await nights.stopEvents({ from: new Date(span.from.getTime() - longestStoppageMs), to: span.to });
  const scheduled = partners.list().filter(({ schedule }) => schedule !== null);
  const seen = [...scheduled.map(({ id }) => id), ...[...expected, ...files, ...runs].map(({ partner }) => partner)];
  return {
    night,
    ...span,
    isOver: now >= span.to,
    partners: [...new Set(seen)].toSorted().map((partner) => {
      const schedule = partners.get(partner)?.schedule ?? null;
      const own = files.filter((file) => file.partner === partner);
      return {
        partner,
        run: runs.find((run) => run.partner === partner) ?? null,
        nextRunAt: schedule === null ? null : schedules.next(schedule, now),
        expected: expected.filter((due) => due.partner === partner),
        files: own.map(fileOf),
        outcomes: sumUp(own),
        forecast: forecasts.find((one) => one.partner === partner && one.night === night) ?? null,
      };
    }),
    stoppages: stoppagesWithin(stoppagesOf(events), span),
  };
}

function fileOf(file: LedgerFileView): NightFile {
  const { id, kind, state, code, arrivedAt, dueAt, settledAt, waitsForRun, counts } = file;
  const rows = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return { id, kind, state, code, arrivedAt, dueAt, settledAt, waitsForRun, rows };
}

function sumUp(files: readonly LedgerFileView[]): CountsByKind {
  const sums: Partial<Record<RowKind, Record<string, number>>> = {};
  for (const { countsByKind } of files) {
    for (const kind of ['lead', 'update'] as const) {
      for (const [state, n] of Object.entries(countsByKind[kind] ?? {})) {
        const counts = (sums[kind] ??= {});
        counts[state] = (counts[state] ?? 0) + n;
      }
    }
  }
  return sums;
}

import type { CountsByKind } from '../app/ports/ledger.ts';
import type { NightReport, PartnerNight } from '../app/read-night.ts';
import type { PartnerDue } from '../app/read-expected.ts';
import { localTimeAt, weekdayOf } from '../domain/local-time.ts';
import type { Stoppage } from '../domain/stoppage.ts';
import { sayDuration } from '../view/duration.ts';
import { showInstant } from '../view/instant.ts';
import type { NeedsPerson } from '../view/needs-person.ts';
import { formatNeeds, needsJson } from './needs-text.ts';
import { isOpenState, sayCounts } from '../view/outcome-words.ts';
import { sayCause } from '../view/stop-words.ts';
import { formatTable } from './table.ts';
import { wrapText } from './text-width.ts';

interface Page {
  readonly timeZone: string;
  readonly width: number;
}

/** A night for people, within `width` columns. */
export function formatReport(report: NightReport, needs: readonly NeedsPerson[], page: Page): string {
  return [
    heading(report, page),
    formatExpected(report, page),
    report.partners.map((partner) => formatPartner(partner, page)).join('\n'),
    formatStoppages(report, page),
    formatNeeds(needs, page.timeZone, page.width),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

/** For scripts. Names are promises. */
export function reportJson(report: NightReport, needs: readonly NeedsPerson[], timeZone: string) {
  return {
    night: report.night,
    from: report.from,
    to: report.to,
    timeZone,
    isOver: report.isOver,
    partners: report.partners.map(({ partner, run, nextRunAt, expected, files, outcomes, forecast }) => ({
      partner,
      run: run === null ? null : { hourAt: run.hourAt, begunAt: run.begunAt, passed: run.passed },
      nextRunAt,
      expected: expected.map(({ expectation, date, by, state, arrivals, refused }) => ({
        kind: expectation.kind,
        files: expectation.files,
        date,
        by,
        state,
        arrived: arrivals.map(({ fileId, arrivedAt }) => ({ fileId, arrivedAt })),
        refused: refused.map(({ fileId }) => fileId),
      })),
      files,
      outcomes,
      forecast:
        forecast === null
          ? null
          : {
              deadline: forecast.deadline,
              callsLeft: forecast.callsLeft,
              ratePerSecond: forecast.ratePerSecond,
              doneAt: forecast.doneAt,
              goesOnBy: forecast.goesOnBy,
              isInTime: forecast.isInTime,
            },
    })),
    stoppages: report.stoppages,
    needsPerson: needsJson(needs),
  };
}

function heading({ night, from, to, isOver }: NightReport, { timeZone, width }: Page): string {
  const span = [from, to].map((moment) => {
    const { date, time } = localTimeAt(moment, timeZone);
    return `${weekdayOf(date)} ${time}`;
  });
  const state = isOver ? '' : ', under way';
  return wrapText(`Night of ${night} (${span.join(' to ')} ${timeZone}${state})`, width);
}

const stateWords: Readonly<Record<PartnerDue['state'], string>> = {
  expected: 'expected',
  met: 'as expected',
  late: 'LATE',
  missing: 'MISSING',
  too_many: 'TOO MANY',
};

function formatExpected({ partners }: NightReport, { timeZone, width }: Page): string {
  const dues = partners.flatMap(({ expected }) => expected);
  if (dues.length === 0) return 'No partner config says which files to expect (`expect:`).';
  return formatTable(
    [
      { header: 'partner', canShrink: true },
      { header: 'expected' },
      { header: 'by' },
      { header: 'arrived', canShrink: true },
      { header: '' },
    ],
    dues.map((due) => [
      due.partner,
      `${due.expectation.files} ${due.expectation.kind}`,
      `${due.date} ${due.expectation.by}`,
      sayArrivals(due, timeZone),
      stateWords[due.state],
    ]),
    width,
  );
}

function sayArrivals({ arrivals, refused }: PartnerDue, timeZone: string): string {
  const times = arrivals.map(({ arrivedAt }) => localTimeAt(arrivedAt, timeZone).time);
  const turned = refused.length === 0 ? [] : [`${refused.length} turned away`];
  return [...(times.length === 0 ? ['none'] : times), ...turned].join(', ');
}

function formatPartner(night: PartnerNight, page: Page): string {
  const { partner, files, outcomes } = night;
  const many = files.length === 0 ? 'no file' : files.length === 1 ? '1 file' : `${files.length} files`;
  const lines = [
    `${partner}: ${[many, ...sayRun(night, page)].join('; ')}`,
    ...sayFiles(night),
    ...sayOutcomes(outcomes),
    ...sayForecast(night, page),
  ];
  return lines.map((line, at) => wrapText(line, page.width, at === 0 ? '' : '  ')).join('\n');
}

function sayRun({ run, nextRunAt, files }: PartnerNight, { timeZone }: Page): string[] {
  const show = (moment: Date): string => showInstant(moment, timeZone).slice(0, 16);
  const waiting = files.filter(({ waitsForRun }) => waitsForRun).length;
  const passed = run === null || run.passed === 0 ? '' : ` and makes up for ${run.passed} before it`;
  return [
    ...(run === null ? [] : [`run of ${show(run.hourAt)} began ${show(run.begunAt).slice(11)}${passed}`]),
    ...(waiting === 0 || nextRunAt === null ? [] : [`${waiting} to go at ${show(nextRunAt)}`]),
  ];
}

function sayFiles({ files }: PartnerNight): string[] {
  return files
    .filter(({ state }) => state === 'held' || state === 'rejected' || state === 'quarantined')
    .map(({ id, state, code }) => `file ${id} ${state}${code === null ? '' : `: ${code}`}`);
}

function sayOutcomes(outcomes: CountsByKind): string[] {
  return (['lead', 'update'] as const).flatMap((kind) => {
    const counts = outcomes[kind];
    if (counts === undefined || Object.keys(counts).length === 0) return [];
    const sum = Object.values(counts).reduce((all, n) => all + n, 0);
    return [`${sum} ${kind}${sum === 1 ? '' : 's'}: ${sayCounts(counts)}`];
  });
}

function sayForecast({ forecast, outcomes }: PartnerNight, { timeZone }: Page): string[] {
  if (forecast === null || !hasOpenRows(outcomes)) return [];
  const at = (moment: Date): string => localTimeAt(moment, timeZone).time;
  const { callsLeft, deadline, doneAt, goesOnBy, isInTime, ratePerSecond } = forecast;
  const rate = ratePerSecond === null ? '' : ` at ${Math.round(ratePerSecond * 10) / 10} a second`;
  const end =
    doneAt !== null
      ? `done about ${at(doneAt)}`
      : goesOnBy === null
        ? 'no telling when'
        : `stopped; has to go on by ${at(goesOnBy)}`;
  return [`${callsLeft} calls left${rate}: ${end}, due at ${at(deadline)}${isInTime ? '' : ', TOO LATE'}`];
}

function hasOpenRows(outcomes: CountsByKind): boolean {
  return Object.values(outcomes).some((counts) =>
    Object.entries(counts).some(([state, n]) => n > 0 && isOpenState(state)),
  );
}

function formatStoppages({ stoppages }: NightReport, { timeZone, width }: Page): string {
  if (stoppages.length === 0) return 'No outage, no halt, no pause.';
  return stoppages.map((stoppage) => wrapText(sayStoppage(stoppage, timeZone), width)).join('\n');
}

function sayStoppage({ kind, of, since, until, cause, actor, reason }: Stoppage, timeZone: string): string {
  const show = (moment: Date): string => showInstant(moment, timeZone).slice(0, 16);
  const what = {
    outage: 'outage of the Leads API',
    halt: `calls to ${of ?? 'the API'} halted`,
    pause: `${of === null ? 'all work' : `work of ${of}`} paused`,
  }[kind];
  const end = until === null ? 'still so' : `to ${show(until)} (${sayDuration(until.getTime() - since.getTime())})`;
  const why = [cause === null ? null : sayCause(cause), reason === null ? null : `${actor ?? ''}: ${reason}`]
    .filter((one) => one !== null)
    .join(', ');
  return `${what} ${show(since)} ${end}${why === '' ? '' : `: ${why}`}`;
}

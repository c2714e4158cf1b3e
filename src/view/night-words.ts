import type { Expectation } from '../domain/expectation.ts';
import type { CountsByKind } from '../app/ports/ledger.ts';
import type { PartnerNight } from '../app/read-night.ts';
import type { PartnerDue } from '../app/read-expected.ts';
import { localTimeAt } from '../domain/local-time.ts';
import type { Stoppage } from '../domain/stoppage.ts';
import { sayDuration } from './duration.ts';
import { showInstant } from './instant.ts';
import { isOpenState, sayCounts } from './outcome-words.ts';
import { sayCause } from './stop-words.ts';

/** What became of an expectation. */
export const dueWords: Readonly<Record<PartnerDue['state'], string>> = {
  expected: 'expected',
  met: 'as expected',
  late: 'LATE',
  missing: 'MISSING',
  too_many: 'TOO MANY',
};

export function sayArrivals({ arrivals, refused }: PartnerDue, timeZone: string): string {
  const times = arrivals.map(({ arrivedAt }) => localTimeAt(arrivedAt, timeZone).time);
  const turned = refused.length === 0 ? [] : [`${refused.length} turned away`];
  return [...(times.length === 0 ? ['none'] : times), ...turned].join(', ');
}

/** The run of the night, and what waits for the next one. */
export function sayRun({ run, nextRunAt, files }: PartnerNight, timeZone: string): readonly string[] {
  const show = (moment: Date): string => showInstant(moment, timeZone).slice(0, 16);
  const waiting = files.filter(({ waitsForRun }) => waitsForRun).length;
  const passed = run === null || run.passed === 0 ? '' : ` and makes up for ${run.passed} before it`;
  return [
    ...(run === null ? [] : [`run of ${show(run.hourAt)} began ${show(run.begunAt).slice(11)}${passed}`]),
    ...(waiting === 0 || nextRunAt === null ? [] : [`${waiting} to go at ${show(nextRunAt)}`]),
  ];
}

/** A line for leads and one for updates, where there are any. */
export function sayOutcomes(outcomes: CountsByKind): readonly string[] {
  return (['lead', 'update'] as const).flatMap((kind) => {
    const counts = outcomes[kind];
    if (counts === undefined || Object.keys(counts).length === 0) return [];
    const sum = Object.values(counts).reduce((all, n) => all + n, 0);
    return [`${sum} ${kind}${sum === 1 ? '' : 's'}: ${sayCounts(counts)}`];
  });
}

/** Null: nothing is at work, or nobody waits for the results at a certain hour. */
export function sayForecast({ forecast, outcomes }: PartnerNight, timeZone: string): string | null {
  if (forecast === null || !hasOpenRows(outcomes)) return null;
  const at = (moment: Date): string => localTimeAt(moment, timeZone).time;
  const { callsLeft, deadline, doneAt, goesOnBy, isInTime, ratePerSecond } = forecast;
  const rate = ratePerSecond === null ? '' : ` at ${Math.round(ratePerSecond * 10) / 10} a second`;
  const end =
    doneAt !== null
      ? `done about ${at(doneAt)}`
      : goesOnBy === null
        ? 'no telling when'
        : `stopped; has to go on by ${at(goesOnBy)}`;
  return `${callsLeft} calls left${rate}: ${end}, due at ${at(deadline)}${isInTime ? '' : ', TOO LATE'}`;
}

function hasOpenRows(outcomes: CountsByKind): boolean {
  return Object.values(outcomes).some((counts) =>
    Object.entries(counts).some(([state, n]) => n > 0 && isOpenState(state)),
  );
}

export function sayStoppage({ kind, of, since, until, cause, actor, reason }: Stoppage, timeZone: string): string {
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

/** `1 leads file by 06:00`. */
export function sayExpectation({ by, files, kind }: Pick<Expectation, 'by' | 'files' | 'kind'>): string {
  return `${files} ${kind} ${files === 1 ? 'file' : 'files'} by ${by}`;
}

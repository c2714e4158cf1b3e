import type { NightReport, PartnerNight } from '../app/read-night.ts';
import type { FileKind, FileState } from '../domain/file-life.ts';
import { localTimeAt, weekdayOf } from '../domain/local-time.ts';
import { isUrgent, type NeedsPerson } from './needs-person.ts';
import { sayOutcomes, sayStoppage } from './night-words.ts';

/**
 * A night in short, as it is told outside: counts, ids, codes and commands. No name of a file, nothing of a person, and no
 * words that people have typed, where somebody's name may stand. Names are promises (docs/json.md).
 */
export interface NightSummary {
  readonly night: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly environment: string;
  /** Nothing needs a person that nobody knows of. */
  readonly isWell: boolean;
  readonly partners: readonly PartnerSummary[];
  readonly stoppages: readonly {
    readonly kind: 'outage' | 'halt' | 'pause';
    readonly of: string | null;
    readonly since: string;
    readonly until: string | null;
    readonly cause: string | null;
  }[];
  /** What somebody has to see to, most pressing first. */
  readonly needsPerson: readonly { readonly alarm: string; readonly what: string; readonly command: string }[];
  /** How many more there are that somebody knows of already. */
  readonly known: number;
}

export interface PartnerSummary {
  readonly partner: string;
  readonly files: readonly {
    readonly id: string;
    readonly kind: FileKind;
    readonly state: FileState;
    readonly code: string | null;
    readonly rows: number;
  }[];
  readonly expected: readonly {
    readonly kind: FileKind;
    readonly files: number;
    readonly date: string;
    readonly by: string;
    readonly state: PartnerNight['expected'][number]['state'];
    readonly arrived: number;
  }[];
  readonly outcomes: PartnerNight['outcomes'];
}

export function summarise(
  report: NightReport,
  needs: readonly NeedsPerson[],
  { timeZone, environment }: { readonly timeZone: string; readonly environment: string },
): NightSummary {
  const urgent = needs.filter((need) => need.isUrgent);
  return {
    night: report.night,
    from: report.from.toISOString(),
    to: report.to.toISOString(),
    timeZone,
    environment,
    isWell: !isUrgent(needs),
    partners: report.partners.map(({ partner, files, expected, outcomes }) => ({
      partner,
      files: files.map(({ id, kind, state, code, rows }) => ({ id, kind, state, code, rows })),
      expected: expected.map(({ expectation, date, state, arrivals }) => ({
        kind: expectation.kind,
        files: expectation.files,
        date,
        by: expectation.by,
        state,
        arrived: arrivals.length,
      })),
      outcomes,
    })),
    stoppages: report.stoppages.map(({ kind, of, since, until, cause }) => ({
      kind,
      of,
      since: since.toISOString(),
      until: until?.toISOString() ?? null,
      cause,
    })),
    needsPerson: urgent
      .filter(({ acknowledged }) => acknowledged === null)
      .map(({ alarm, what, command, about }) => ({
        alarm,
        // Why a file is held names headers, and a header may hold anything.
        what: about?.kind === 'file' ? what.split(': ').slice(0, 2).join(': ') : what,
        command,
      })),
    known: urgent.filter(({ acknowledged }) => acknowledged !== null).length,
  };
}

/** The subject of the e-mail: whether it has to be opened is told by it. */
export function subjectOf({ night, environment, isWell, needsPerson }: NightSummary): string {
  const many = needsPerson.length;
  const how = isWell ? 'all is well' : `${many} ${many === 1 ? 'thing needs' : 'things need'} a person`;
  return `leadsync ${environment}: night of ${night}: ${how}`;
}

/** For people: the e-mail, and the text file beside the JSON one. */
export function textOf(summary: NightSummary): string {
  const { night, timeZone, environment, partners, stoppages, needsPerson, known } = summary;
  const hours = [summary.from, summary.to].map((moment) => {
    const { date, time } = localTimeAt(new Date(moment), timeZone);
    return `${weekdayOf(date)} ${time}`;
  });
  return [
    `Night of ${night} (${hours.join(' to ')} ${timeZone}), ${environment}`,
    needsPerson.length === 0
      ? 'Nothing needs a person.'
      : ['Needs a person', ...needsPerson.flatMap(({ what, command }) => [`  ${what}`, `    ${command}`])].join('\n'),
    ...(known === 0 ? [] : [`Known already: ${known} (leadsync ack)`]),
    partners.length === 0 ? 'No partner had a file, or was expected to.' : partners.map(sayPartner).join('\n'),
    stoppages.length === 0
      ? 'No outage, no halt, no pause.'
      : stoppages
          .map((stoppage) =>
            sayStoppage(
              {
                ...stoppage,
                since: new Date(stoppage.since),
                until: stoppage.until === null ? null : new Date(stoppage.until),
                actor: null,
                reason: null,
              },
              timeZone,
            ),
          )
          .join('\n'),
    `More: leadsync report --night ${night}`,
    '',
  ].join('\n\n');
}

function sayPartner({ partner, files, expected, outcomes }: PartnerSummary): string {
  const many = files.length === 0 ? 'no file' : files.length === 1 ? '1 file' : `${files.length} files`;
  const missing = expected.filter(({ state }) => state !== 'met' && state !== 'expected');
  return [
    `${partner}: ${many}`,
    ...missing.map(({ kind, by, date, state, arrived, files: wanted }) => {
      const words = state.replace('_', ' ').toUpperCase();
      return `  ${kind} by ${by} on ${date}: ${words} (${arrived} of ${wanted})`;
    }),
    ...files
      .filter(({ state }) => state !== 'settled' && state !== 'read')
      .map(({ id, state, code }) => `  file ${id} ${state}${code === null ? '' : `: ${code}`}`),
    ...sayOutcomes(outcomes).map((line) => `  ${line}`),
  ].join('\n');
}

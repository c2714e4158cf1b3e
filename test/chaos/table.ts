import type { PlayedCell } from './played.ts';
import type { ChaosReport } from './report.ts';

const columns: readonly (readonly [string, (report: ChaosReport) => string | number])[] = [
  ['cell', ({ cell }) => cell],
  ['seed', ({ seed }) => seed],
  ['rows', ({ rows }) => rows],
  ['faults', ({ faults }) => Object.values(faults).reduce((sum, times) => sum + times, 0)],
  ['kills', ({ kills }) => kills],
  ['pauses', ({ pauses }) => pauses],
  ['restarts', ({ restarts }) => restarts],
  ['wrong', ({ wrong }) => wrong.length],
  ['unexplained duplicates', ({ unexplained }) => unexplained],
  ['lost', ({ lost }) => lost],
  ['in doubt', ({ inDoubt, inDoubtCreated }) => `${inDoubt} (${inDoubtCreated})`],
  ['late answers', ({ lateAnswers }) => lateAnswers],
  ['orphans', ({ orphans }) => orphans],
  ['found in a spool', ({ answersFound }) => answersFound],
  ['sent again', ({ sentAgain }) => sentAgain],
  ['not shown', ({ notShown }) => notShown.join(', ') || '–'],
  ['quiet after, s', ({ quietSeconds }) => quietSeconds ?? 'never'],
  ['rows/s', ({ rowsPerSecond }) => rowsPerSecond],
];

/** What the suite is asked for. */
export interface Sum {
  readonly rows: number;
  /** Kills, pauses and restarts. */
  readonly blows: number;
  readonly wrong: number;
  readonly seconds: number;
  /** Of plain BullMQ under the same nemesis. */
  readonly baseline: { readonly rows: number; readonly duplicates: number; readonly lost: number };
}

export function sumUp(played: readonly PlayedCell[]): Sum {
  const sum = (of: (one: PlayedCell) => number): number => played.reduce((total, one) => total + of(one), 0);
  return {
    rows: sum(({ report }) => report.rows),
    blows: sum(({ report }) => report.kills + report.pauses + report.restarts),
    wrong: sum(({ report }) => report.wrong.length),
    seconds: sum(({ report }) => report.seconds),
    baseline: {
      rows: sum(({ baseline }) => baseline?.rows ?? 0),
      duplicates: sum(({ baseline }) => baseline?.duplicates ?? 0),
      lost: sum(({ baseline }) => baseline?.lost ?? 0),
    },
  };
}

/** Markdown, a line a cell, and the sums. */
export function table(played: readonly PlayedCell[]): string {
  const head = [...columns.map(([name]) => name), 'plain BullMQ: created more than once'];
  const lines = played.map(({ report, baseline }) => [
    ...columns.map(([, value]) => value(report)),
    baseline === null
      ? '–'
      : `${baseline.duplicates} of ${baseline.rows}, worst ${baseline.worst}×; ${baseline.lost} lost`,
  ]);
  const { rows, blows, wrong, seconds, baseline } = sumUp(played);
  const beside =
    baseline.rows === 0
      ? ''
      : `; plain BullMQ beside it: ${baseline.duplicates} of ${baseline.rows} rows created more than once, ${baseline.lost} lost`;
  return [
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${rows} rows under ${blows} kills, pauses and restarts in ${Math.round(seconds / 60)} min: wrong = ${wrong}${beside}`,
  ].join('\n');
}

import type { BaselineReport } from './baseline/play-baseline.ts';
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

/** Markdown, a line a cell, and the sums that the suite is asked for. */
export function table(reports: readonly ChaosReport[], baselines: readonly BaselineReport[]): string {
  const baselineOf = ({ cell, seed }: ChaosReport): string => {
    const found = baselines.find((one) => one.cell === cell && one.seed === seed);
    return found === undefined
      ? '–'
      : `${found.duplicates} of ${found.rows}, worst ${found.worst}×; ${found.lost} lost`;
  };
  const head = [...columns.map(([name]) => name), 'plain BullMQ: duplicates'];
  const lines = reports.map((report) => [...columns.map(([, value]) => value(report)), baselineOf(report)]);
  const sum = (of: (report: ChaosReport) => number): number => reports.reduce((total, one) => total + of(one), 0);
  return [
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${sum(({ rows }) => rows)} rows under ${sum(({ kills, pauses, restarts }) => kills + pauses + restarts)} kills, pauses and restarts: wrong = ${sum(({ wrong }) => wrong.length)}`,
  ].join('\n');
}

import { dueJson } from './due-json.ts';
import { needsJson } from './needs-json.ts';
import type { ToldReport } from './read-report.ts';

/** A night for scripts: `leadsync report --json`, and the same from the console. Names are promises. */
export function reportJson(report: ToldReport, timeZone: string) {
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
      expected: expected.map(dueJson),
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
    told: report.told.map(({ channel, recipient, state, code, endedAt }) => ({
      channel,
      recipient,
      state,
      code,
      at: endedAt,
    })),
    needsPerson: needsJson(report.needsPerson),
  };
}

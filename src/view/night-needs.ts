import type { NightForecast } from '../app/forecast-nights.ts';
import type { InboxView } from '../app/ports/ledger.ts';
import type { PartnerDue } from '../app/read-expected.ts';
import { localTimeAt } from '../domain/local-time.ts';

/** What a file that is missing, late or too many needs; null where all is as it was expected. */
export function ofDue(due: PartnerDue, inboxes: readonly Pick<InboxView, 'partner' | 'arriving'>[]) {
  const { partner, date, state, arrivals, refused, night, expectation } = due;
  const { kind, files, by } = expectation;
  const expected = `by ${by} on ${date}`;
  const of = { alarm: `${state.replace('_', '-')}:${partner}:${kind}:${date}T${by}`, since: null };
  const report = `leadsync report --night ${night}`;
  switch (state) {
    case 'missing': {
      const there = arrivals.length === 0 ? 'no' : `${arrivals.length} of ${files}`;
      const isLying = inboxes.some((inbox) => inbox.partner === partner && inbox.arriving > 0);
      return {
        ...of,
        level: files - arrivals.length,
        what: `${there} ${kind} ${sayFiles(files)} of ${partner} came ${expected}`,
        then: `${sayRefused(refused)}${isLying ? 'Something lies in its inbox and is not whole. ' : ''}Ask the partner. One that comes by another way:`,
        command: `leadsync import FILE --partner ${partner} --kind ${kind}`,
        isUrgent: true,
      };
    }
    case 'too_many':
      return {
        ...of,
        level: arrivals.length,
        what: `${arrivals.length} ${kind} files of ${partner} came ${expected}; expected was ${files}`,
        then: 'Look whether one was sent by mistake. Rows that are known are duplicates, whatever file they stand in.',
        command: report,
        isUrgent: true,
      };
    case 'late':
      return {
        ...of,
        level: 1,
        what: `the ${kind} ${sayFiles(files)} of ${partner} came later than ${expected}`,
        then: 'All are here.',
        command: report,
        isUrgent: false,
      };
    case 'met':
    case 'expected':
      return null;
  }
}

/** Null: the results will be there in time. */
export function ofForecast(forecast: NightForecast) {
  if (forecast.isInTime) return null;
  const { partner, night, timeZone, deadline, doneAt, goesOnBy, isOverdue, callsLeft } = forecast;
  const at = (moment: Date): string => localTimeAt(moment, timeZone).time;
  const ready = doneAt === null ? '' : ` and will be there about ${at(doneAt)}`;
  const stopped = goesOnBy === null ? '' : `; calls are stopped, and had to go on by ${at(goesOnBy)}`;
  return {
    alarm: `results-late:${partner}:${night}`,
    since: null,
    level: 1,
    what: `results of ${partner}, night of ${night}, ${isOverdue ? 'were' : 'are'} due at ${at(deadline)}${ready}${stopped}`,
    then: `${callsLeft} ${callsLeft === 1 ? 'call is' : 'calls are'} left. Raise LEADS_API_RATE_PER_SECOND, pause others, or tell the partner.`,
    command: `leadsync report --night ${night}`,
    isUrgent: true,
  };
}

function sayFiles(files: number): string {
  return files === 1 ? 'file' : 'files';
}

function sayRefused(refused: PartnerDue['refused']): string {
  if (refused.length === 0) return '';
  const ids = refused.map(({ fileId }) => fileId).join(', ');
  return `${refused.length === 1 ? `File ${ids} was` : `Files ${ids} were`} turned away. `;
}

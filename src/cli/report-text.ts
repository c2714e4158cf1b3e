import type { NightReport, PartnerNight } from '../app/read-night.ts';
import { localTimeAt, weekdayOf } from '../domain/local-time.ts';
import { sayDelivery } from '../view/delivery-needs.ts';
import { dueWords, sayArrivals, sayForecast, sayOutcomes, sayRun, sayStoppage } from '../view/night-words.ts';
import type { ToldReport } from '../view/read-report.ts';
import { formatNeeds } from './needs-text.ts';
import { formatTable } from './table.ts';
import { wrapText } from './text-width.ts';

interface Page {
  readonly timeZone: string;
  readonly width: number;
}

/** A night for people, within `width` columns. */
export function formatReport(report: ToldReport, page: Page): string {
  return [
    heading(report, page),
    formatExpected(report, page),
    report.partners.map((partner) => formatPartner(partner, page)).join('\n'),
    formatStoppages(report, page),
    formatTold(report, page),
    formatNeeds(report.needsPerson, page.timeZone, page.width),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function heading({ night, from, to, isOver }: NightReport, { timeZone, width }: Page): string {
  const span = [from, to].map((moment) => {
    const { date, time } = localTimeAt(moment, timeZone);
    return `${weekdayOf(date)} ${time}`;
  });
  const state = isOver ? '' : ', under way';
  return wrapText(`Night of ${night} (${span.join(' to ')} ${timeZone}${state})`, width);
}

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
      dueWords[due.state],
    ]),
    width,
  );
}

function formatPartner(night: PartnerNight, page: Page): string {
  const { partner, files, outcomes } = night;
  const forecast = sayForecast(night, page.timeZone);
  const many = files.length === 0 ? 'no file' : files.length === 1 ? '1 file' : `${files.length} files`;
  const lines = [
    `${partner}: ${[many, ...sayRun(night, page.timeZone)].join('; ')}`,
    ...sayFiles(night),
    ...sayOutcomes(outcomes),
    ...(forecast === null ? [] : [forecast]),
  ];
  return lines.map((line, at) => wrapText(line, page.width, at === 0 ? '' : '  ')).join('\n');
}

function sayFiles({ files }: PartnerNight): string[] {
  return files
    .filter(({ state }) => state === 'held' || state === 'rejected' || state === 'quarantined')
    .map(({ id, state, code }) => `file ${id} ${state}${code === null ? '' : `: ${code}`}`);
}

function formatStoppages({ stoppages }: NightReport, { timeZone, width }: Page): string {
  if (stoppages.length === 0) return 'No outage, no halt, no pause.';
  return stoppages.map((stoppage) => wrapText(sayStoppage(stoppage, timeZone), width)).join('\n');
}

/** Whether the summary has arrived where it was sent. */
function formatTold({ told }: ToldReport, { timeZone, width }: Page): string {
  if (told.length === 0) return '';
  const lines = told.map((delivery) => {
    const at = delivery.endedAt === null ? '' : ` at ${localTimeAt(delivery.endedAt, timeZone).time}`;
    return `${delivery.channel} to ${delivery.recipient ?? 'ops'}: ${sayDelivery(delivery)}${at}`;
  });
  return wrapText(`Summary: ${lines.join('; ')}`, width);
}

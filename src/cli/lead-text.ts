import { sayTakenValues } from '../view/taken-values.ts';
import { faults } from '../domain/faults.ts';
import { showInstant } from '../view/instant.ts';
import type { LeadLife, UpdateOfLead } from '../view/lead-life.ts';
import { outcomeWords } from '../view/outcome-words.ts';
import { rowAdvice } from '../view/row-advice.ts';
import { sayPlace } from '../view/row-json.ts';
import { formatTable } from './table.ts';
import { wrapText } from './text-width.ts';
import { wholeTimeline } from '../view/timeline.ts';
import { sayAnswer, sayRequest, type ToldAttempt } from '../view/told-call.ts';

interface Page {
  readonly timeZone: string;
  readonly width: number;
}

/** One lead's whole life for people. No personal data but partnerLeadId. */
export function formatLeadLife(life: LeadLife, page: Page): string {
  const sections = [
    formatHead(life, page),
    formatFault(life, page),
    formatTimeline(life, page),
    life.row.kind === 'lead' ? formatUpdates(life.updates, page) : '',
    formatAdvice(life),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function formatHead({ row, json, updates }: LeadLife, { timeZone, width }: Page): string {
  const { word, means } = outcomeWords[row.state];
  const estado = row.kind === 'update' ? updates[0]?.estado : undefined;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['partnerLeadId', json.partnerLeadId],
    ['leadId', row.leadId],
    ['idLanding', row.idLanding],
    ['agenteId', row.agenteId],
    ['estado', estado],
    ['came in', sayPlace(row)],
    ['duplicate of', row.duplicateOf === null ? null : `row ${row.duplicateOf}`],
    ['values', sayTakenValues(row)],
    ['client check', sayCheck(row, timeZone)],
    ['next', row.nextAt === null ? null : `${row.step ?? 'work'} at ${showInstant(row.nextAt, timeZone)}`],
  ];
  return [
    wrapText(
      `${row.kind === 'lead' ? 'lead' : 'status update'}, row ${row.id} of ${row.partner}: ${word} (${means})`,
      width,
    ),
    ...facts.filter(([, value]) => value != null).map(([name, value]) => `  ${name.padEnd(14)} ${value ?? ''}`),
  ].join('\n');
}

function sayCheck(row: LeadLife['row'], timeZone: string): string | null {
  const answer = row.clientAnswer;
  if (answer === null) return null;
  const at = row.checkedAt === null ? '' : `, ${showInstant(row.checkedAt, timeZone)}`;
  return `partnerManage ${answer.partnerManage}, client ${answer.client}, agentId ${answer.agentId ?? 'none'}${at}`;
}

function formatFault({ row, json }: LeadLife, { width }: Page): string {
  const problems = row.problems.length > 0 || row.code === null ? row.problems : [{ code: row.code }];
  const lines = problems.map((problem) => {
    const column = 'column' in problem && problem.column !== undefined ? ` (${problem.column})` : '';
    const { means, then } = faults[problem.code];
    return wrapText(`${problem.code}${column}: ${means} ${then}`, width);
  });
  if (json.message !== null) lines.push(wrapText(`The API says: ${json.message}`, width));
  return lines.join('\n');
}

function formatTimeline(life: LeadLife, { timeZone, width }: Page): string {
  const indent = ' '.repeat(21);
  const updates = life.row.kind === 'lead' ? life.updates : [];
  const called = ({ row, estado }: UpdateOfLead): string => `update estado ${estado}, row ${row.id}`;
  return wholeTimeline(
    life,
    updates.map((update) => ({ ...update, called: called(update) })),
  )
    .map(({ at, of, says, call }) => {
      const told = of === null ? says : `${of}: ${says}`;
      const line = showInstant(at, timeZone) + wrapText(told, width, indent).slice(19);
      return call === null ? line : [line, ...sayCall(call).map((part) => wrapText(part, width, indent))].join('\n');
    })
    .join('\n');
}

/** What it sent and what is kept of what came, without what either says of a person. */
function sayCall(call: ToldAttempt): readonly string[] {
  const request = `request ${sayRequest(call.request)}`;
  return call.answer === null ? [request] : [request, `answer ${sayAnswer(call)}`];
}

function formatUpdates(updates: readonly UpdateOfLead[], { timeZone, width }: Page): string {
  if (updates.length === 0) return '';
  const table = formatTable(
    [
      { header: 'row', align: 'right' },
      { header: 'came in', canShrink: true },
      { header: 'estado' },
      { header: 'state' },
      { header: 'code', canShrink: true },
      { header: 'changed' },
    ],
    updates.map(({ row, estado }) => [
      row.id,
      sayPlace(row),
      estado,
      outcomeWords[row.state].word,
      row.code ?? '',
      showInstant(row.updatedAt, timeZone).slice(0, 16),
    ]),
    width,
  );
  return `Status updates\n${table}`;
}

function formatAdvice({ row, updates }: LeadLife): string {
  const rows = row.kind === 'lead' ? [row, ...updates.map((update) => update.row)] : [row];
  const lines = rows.flatMap((each) => rowAdvice(each).map(({ when, command }) => `  When ${when}:\n    ${command}`));
  return lines.length === 0 ? '' : ['What to do', ...lines].join('\n');
}

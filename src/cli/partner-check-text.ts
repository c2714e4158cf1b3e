import type { FileCheck, SurveyedFile } from '../app/check-partner-file.ts';
import { faults } from '../domain/faults.ts';
import type { ProblemCount } from '../domain/problem-tally.ts';
import type { CheckFinding } from './partner-findings.ts';
import { sayFirst, sayShare } from './row-counts.ts';
import { formatTable } from './table.ts';
import { oneLine, wrapText } from './text-width.ts';

/** What was looked at and what was found, for a person. */
export function formatFileCheck(name: string, check: FileCheck, width: number): string {
  if (check.kind === 'refused') {
    const header = check.header === null ? [] : ['', 'Its columns', wrapText(check.header.join(', '), width, '  ')];
    return [`${oneLine(name)}: would be refused, ${check.code}`, ...header].join('\n');
  }
  return [
    `${oneLine(name)}: ${check.holds}, ${check.encoding}, delimiter ${JSON.stringify(check.delimiter)}`,
    '',
    facts(check, width),
    ...problems('Would be rejected', check.problems, width),
    ...problems('Would be repaired or left out', check.warnings, width),
  ].join('\n');
}

function facts({ rows, valid, holds, withoutNif, consent, states }: SurveyedFile, width: number): string {
  const share = (n: number): string => (rows === 0 ? '' : sayShare(n / rows));
  const lines = [
    ['rows', String(rows), ''],
    ['nothing wrong before the first call', String(valid), share(valid)],
  ];
  if (holds === 'mixed') lines.push(['with a state to send', String(states), share(states)]);
  if (holds !== 'updates') {
    lines.push(
      ['without a NIF', String(withoutNif), share(withoutNif)],
      ['consent accepted', String(consent.accepted), share(consent.accepted)],
      ['consent refused', String(consent.refused), share(consent.refused)],
      ['consent empty', String(consent.blank), share(consent.blank)],
      ['consent in neither list', String(consent.unreadable), share(consent.unreadable)],
    );
  }
  // The table's own first line is its header: this one has none.
  return formatTable(factColumns, lines, width).split('\n').slice(1).join('\n');
}

const factColumns = [{ header: '' }, { header: '', align: 'right' }, { header: '', align: 'right' }] as const;

function problems(title: string, counts: readonly ProblemCount[], width: number): string[] {
  if (counts.length === 0) return [];
  const lines = counts.map(({ code, column, rows, firstRows }) => [
    code,
    column ?? '',
    String(rows),
    sayFirst(firstRows, rows).replace(/^rows? /, ''),
    faults[code].means,
  ]);
  return ['', title, formatTable(problemColumns, lines, width)];
}

const problemColumns = [
  { header: 'code' },
  { header: 'field' },
  { header: 'rows', align: 'right' },
  { header: 'first', canShrink: true },
  { header: 'which means', canShrink: true },
] as const;

/** First what goes wrong, then what is worth knowing; nothing where there is nothing. */
export function formatFindings(findings: readonly CheckFinding[], width: number): string {
  const lines = [
    ...section(
      'To look at',
      findings.filter(({ isUrgent }) => isUrgent),
      width,
    ),
    ...section(
      'Worth knowing',
      findings.filter(({ isUrgent }) => !isUrgent),
      width,
    ),
  ];
  return lines.join('\n');
}

function section(title: string, findings: readonly CheckFinding[], width: number): string[] {
  if (findings.length === 0) return [];
  return [
    '',
    title,
    ...findings.flatMap(({ says, then }) => [
      wrapText(says, width, '  '),
      ...(then === '' ? [] : [wrapText(then, width, '    ')]),
    ]),
  ];
}

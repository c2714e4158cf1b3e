import type { PartnerProposal } from '../domain/propose-partner.ts';
import { formatTable } from './table.ts';
import { oneLine, wrapText } from './text-width.ts';

interface Written {
  readonly id: string;
  readonly from: string;
  readonly path: string;
  readonly text: string;
}

/** What was recognised in a sample, what was not, and what to do next. */
export function formatDraftSummary(
  proposal: PartnerProposal,
  { id, from, path, text }: Written,
  width: number,
): string {
  const questions = text.split('\n').filter((line) => line.includes('# ?')).length;
  const recognised = proposal.columns.map(({ field, headers, by, filled }) => [
    field,
    headers.join(' + '),
    by === 'header' ? 'its name' : 'its values',
    `${filled} of ${proposal.rows}`,
  ]);
  return [
    `${path}: a draft for ${proposal.kind}, with ${questions} questions for a person (search for "?")`,
    ...section('', formatTable(columns, recognised, width)),
    ...headers('Missing, and required', proposal.missing, width),
    ...headers('Opt-outs, which are never consent', proposal.optOuts, width),
    ...headers('Not read', [...proposal.unmapped, ...proposal.dates], width),
    ...section('Next', `  answer the questions in ${path}\n  leadsync partner check ${id} --file ${from}`),
  ].join('\n');
}

const columns = [
  { header: 'field' },
  { header: 'column', canShrink: true },
  { header: 'recognised by' },
  { header: 'filled', align: 'right' },
] as const;

function headers(title: string, names: readonly string[], width: number): string[] {
  return names.length === 0 ? [] : section(title, wrapText(names.map(oneLine).join(', '), width, '  '));
}

function section(title: string, text: string): string[] {
  return title === '' ? ['', text] : ['', title, text];
}

import { parse } from 'csv-parse/sync';
import { readAgent } from '../domain/agent.ts';
import { readPostalCode } from '../domain/postal-code.ts';

export type AgentTable =
  | { readonly kind: 'table'; readonly agents: Readonly<Record<string, string>> }
  /** A sentence a fault: `line 3: expected …`. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/**
 * Reads `agent.byPostalCode`: two columns, postal code and agent, separated by comma, semicolon or tab, with a header or
 * without. A spreadsheet's lost zeros are given back, in both columns.
 */
export function parseAgentTable(text: string): AgentTable {
  const delimiter = [';', '\t'].find((character) => text.split(/\r?\n/, 1)[0]?.includes(character)) ?? ',';
  const agents: Record<string, string> = {};
  const faults: string[] = [];
  for (const [index, cells] of readRecords(text, delimiter).entries()) {
    const [postalCode = '', agent = ''] = cells;
    const place = readPostalCode(postalCode);
    const number = readAgent(agent);
    const isHeader = index === 0 && !/\d/.test(postalCode + agent);
    if (isHeader) continue;
    const at = `record ${index + 1}: expected`;
    if (cells.length !== 2) faults.push(`${at} 2 columns, got ${cells.length}`);
    else if (place.kind === 'problem') faults.push(`${at} a postal code, got ${JSON.stringify(postalCode)}`);
    else if (number.kind === 'problem') faults.push(`${at} an agent of up to 7 digits, got ${JSON.stringify(agent)}`);
    else if (agents[place.postalCode] !== undefined && agents[place.postalCode] !== number.agenteId) {
      faults.push(`${at} one agent a postal code, got two for ${place.postalCode}`);
    } else agents[place.postalCode] = number.agenteId;
  }
  if (faults.length === 0 && Object.keys(agents).length === 0)
    faults.push('expected postal codes and agents, got none');
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'table', agents };
}

function readRecords(text: string, delimiter: string): readonly string[][] {
  return parse(text, {
    bom: true,
    delimiter,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  }) as string[][];
}

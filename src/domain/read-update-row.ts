import { codeOf, type CodeWords } from './code-of.ts';
import { textDamages } from './damaged-text.ts';
import type { StatusUpdateFields } from './lead.ts';
import type { MappedColumns } from './map-header.ts';
import { orderKeyOf } from './order-key.ts';
import { ownTextsOf } from './own-texts.ts';
import type { Partner } from './partner.ts';
import type { Problem } from './problem.ts';
import { readId } from './read-field.ts';

/**
 * What a row of an updates file says. `orderKey` sorts the updates of a lead by the partner's own date, null where the
 * config names no column for it. `content` is a canonical text to be hashed, never stored: what the update sets, so that it
 * can be compared with the lead's latest accepted one.
 */
export type ReadUpdate =
  | {
      readonly kind: 'update';
      readonly fields: StatusUpdateFields;
      readonly orderKey: string | null;
      readonly content: string;
      readonly warnings: readonly Problem[];
    }
  | {
      readonly kind: 'rejected';
      /** Every problem of the row; the first one names the row's code. Never empty. */
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
      readonly leadId: string | null;
      readonly partnerLeadId: string | null;
    };

/** No lead has an id so long, and the ledger's index has no room for one: the whole file would wait behind its row. */
const maxIdLength = 255;

/**
 * Reads one record of an updates file by the partner's config, all problems at once. `namesLead`: false for a record of a
 * mixed file that says whose state it is by being that lead's own record.
 */
export function readUpdateRow(
  cells: readonly string[],
  columns: MappedColumns,
  partner: Partner,
  namesLead = true,
): ReadUpdate {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const own = ownTextsOf(cells, columns);
  for (const [column, damage] of Object.entries(textDamages(cells, columns))) {
    const code = damage === 'damaged' ? 'ROW_TEXT_DAMAGED' : 'ROW_TEXT_DOUBTFUL';
    (damage === 'damaged' ? problems : warnings).push({ code, column });
  }

  const idOf = (field: string): string | null => {
    const text = own[field];
    if (text === undefined) return null;
    const read = readId(field, text);
    if (read.kind === 'value' && read.value.length > maxIdLength) {
      problems.push({ code: 'ROW_FIELD_TOO_LONG', column: field, detail: { max: maxIdLength } });
      return null;
    }
    if (read.kind === 'value') {
      warnings.push(...read.notes);
      return read.value;
    }
    if (read.kind === 'problem') problems.push(read.problem);
    return null;
  };
  const named = idOf('leadId');
  // Where a deployment has it in a path, it would lead to another one, whatever is done to its dots.
  const leadsAway = named === '.' || named === '..';
  if (leadsAway) problems.push({ code: 'ROW_FIELD_MISSING', column: 'leadId' });
  const leadId = leadsAway ? null : named;
  const partnerLeadId = idOf('partnerLeadId');
  if (namesLead && leadId === null && partnerLeadId === null && problems.length === 0) {
    problems.push({ code: 'ROW_FIELD_MISSING', column: columns['leadId'] === undefined ? 'partnerLeadId' : 'leadId' });
  }

  const word = own['estado'] ?? partner.defaults['estado'] ?? '';
  const estado = readEstado(word, own['estado'] === undefined ? undefined : partner.codes['estado']);
  if (typeof estado !== 'string') problems.push(estado);

  const observacion = own['observacion'] ?? partner.defaults['observacion'] ?? fromTemplate(word, partner);
  const { maxObservacion } = partner.updates;
  if (observacion === '') problems.push({ code: 'ROW_FIELD_MISSING', column: 'observacion' });
  else if (maxObservacion !== null && [...observacion].length > maxObservacion)
    problems.push({ code: 'ROW_FIELD_TOO_LONG', column: 'observacion', detail: { max: maxObservacion } });

  const orderKey = orderKeyOf(own['orderBy'] ?? '');
  // Without its date an update could overtake a newer one and leave the lead in an old state.
  if (orderKey === null && partner.updates.orderBy !== null)
    problems.push({ code: 'ROW_DATE_UNREADABLE', column: 'orderBy' });

  if (problems.length > 0 || typeof estado !== 'string') {
    return { kind: 'rejected', problems, warnings, leadId, partnerLeadId };
  }
  const fields = { leadId, partnerLeadId, estado, observacion };
  const content = `v1|${JSON.stringify([estado, observacion])}`;
  return { kind: 'update', fields, orderKey, content, warnings };
}

function readEstado(word: string, words: CodeWords | undefined): string | Problem {
  if (word === '') return { code: 'ROW_FIELD_MISSING', column: 'estado' };
  const estado = words === undefined ? word : codeOf(word, words);
  if (estado !== null && /^\d+$/.test(estado)) return estado;
  return { code: 'ROW_CODE_UNKNOWN', column: 'estado', detail: { known: Object.keys(words ?? {}).join(', ') } };
}

function fromTemplate(word: string, partner: Partner): string {
  return (partner.updates.observacion ?? '').replaceAll('{estado}', () => word);
}

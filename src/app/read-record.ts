import { isFinalEstado } from '../domain/estado.ts';
import { rowKindsOf, type FileKind, type RowKind } from '../domain/file-life.ts';
import { rowsOfRecord, type RowColumns } from '../domain/mixed-record.ts';
import type { Partner } from '../domain/partner.ts';
import { readLeadRow, type ReadLead } from '../domain/read-lead-row.ts';
import { readUpdateRow } from '../domain/read-update-row.ts';
import { macContent, macIdentity, macPartnerLeadId } from './keyed-hashes.ts';
import type { Ports } from './ports.ts';
import type { NewRow } from './ports/ledger.ts';
import type { FileRecord, UnreadableRecord } from './ports/record-reader.ts';
import type { LeadPayload, UpdatePayload } from './ports/row.ts';
import type { SuppressionList } from './ports/suppressions.ts';
import type { DataKey } from './ports/vault.ts';
import { suppressedBy } from './suppressed.ts';

interface Reading {
  readonly kind: FileKind;
  readonly columns: RowColumns;
  readonly partner: Partner;
  readonly key: DataKey;
  /** The file's arrival, for updates without a date of their own. */
  readonly arrivedKey: string;
  /** Those of whom nothing may be sent. */
  readonly suppressed: SuppressionList;
}

/**
 * One record as the ledger's rows: read, judged, its personal data sealed. One row, but in a mixed file, where a record
 * may be a lead and then an update of it. A record that can't be read is a row too.
 */
export function readRecord(
  ports: Pick<Ports, 'settings' | 'vault'>,
  reading: Reading,
  record: FileRecord,
): readonly NewRow[] {
  if ('fault' in record) return [unreadable(reading, record)];
  const { kind, columns, partner } = reading;
  const { rowNumber, cells } = record;
  const rows = kind === 'mixed' ? rowsOfRecord(cells, columns, partner) : rowKindsOf(kind);
  if (!rows.includes('lead')) return [readUpdate(ports, reading, rowNumber, cells, null)];
  const lead = readLeadRow(cells, columns.lead, partner, ports.settings.fieldRules);
  const erasure = suppressedBy(ports.vault, reading.suppressed, lead);
  if (erasure !== null) return rows.map((row) => suppressed(ports, reading, { rowNumber, kind: row, erasure }, lead));
  const row = leadRow(ports, reading, rowNumber, lead);
  return rows.includes('update') ? [row, readUpdate(ports, reading, rowNumber, cells, lead)] : [row];
}

/** A row of whom nothing may be sent: nothing of them is kept either, but what tells the same lead again. */
function suppressed(
  { vault }: Pick<Ports, 'vault'>,
  { partner, key }: Reading,
  { rowNumber, kind, erasure }: { readonly rowNumber: number; readonly kind: RowKind; readonly erasure: string },
  { partnerLeadId, identity }: Pick<ReadLead, 'partnerLeadId'> & { readonly identity: string | null },
): NewRow {
  const blank: LeadPayload | UpdatePayload =
    kind === 'lead'
      ? { fields: {}, partnerLeadId: null }
      : {
          leadId: null,
          partnerLeadId: null,
          estado: '',
          observacion: '',
          ...(identity === null ? {} : { isOfRecord: true }),
        };
  const isOfRecord = kind === 'update' && identity !== null;
  return {
    rowNumber,
    kind,
    state: 'rejected',
    code: 'ROW_SUPPRESSED',
    problems: [{ code: 'ROW_SUPPRESSED' }],
    warnings: [],
    keyId: key.id,
    payload: key.seal(JSON.stringify(blank)),
    identity: isOfRecord ? macIdentity(vault, partner.id, identity) : null,
    content: null,
    partnerLeadId: partnerLeadId === null || isOfRecord ? null : macPartnerLeadId(vault, partner.id, partnerLeadId),
    orderKey: null,
    leadId: null,
    isFinal: false,
    erasure,
  };
}

function leadRow(
  { vault }: Pick<Ports, 'vault'>,
  { partner, key }: Reading,
  rowNumber: number,
  read: ReadLead,
): NewRow {
  const base = {
    rowNumber,
    kind: 'lead' as const,
    warnings: read.warnings,
    keyId: key.id,
    payload: key.seal(JSON.stringify({ fields: read.fields, partnerLeadId: read.partnerLeadId } satisfies LeadPayload)),
    partnerLeadId: read.partnerLeadId === null ? null : macPartnerLeadId(vault, partner.id, read.partnerLeadId),
    orderKey: null,
    leadId: null,
    isFinal: false,
  };
  if (read.kind === 'rejected') {
    return {
      ...base,
      state: 'rejected',
      code: read.problems[0]?.code ?? null,
      problems: read.problems,
      identity: null,
      content: null,
    };
  }
  return {
    ...base,
    state: 'received',
    code: null,
    problems: [],
    identity: macIdentity(vault, partner.id, read.identity),
    content: macContent(vault, read.content),
  };
}

function readUpdate(
  { vault }: Pick<Ports, 'vault'>,
  reading: Reading,
  rowNumber: number,
  cells: readonly string[],
  /** In a mixed file: the lead of the same record, whose state it says. */
  lead: ReadLead | null,
): NewRow {
  const { columns, partner, key, arrivedKey, suppressed: list } = reading;
  const read = readUpdateRow(cells, columns.update, partner, lead === null);
  const { leadId, partnerLeadId } = read.kind === 'update' ? read.fields : read;
  const erasure = suppressedBy(vault, list, { partnerLeadId });
  if (erasure !== null)
    return suppressed({ vault }, reading, { rowNumber, kind: 'update', erasure }, { partnerLeadId, identity: null });
  const { estado, observacion } = read.kind === 'update' ? read.fields : { estado: '', observacion: '' };
  const payload: UpdatePayload = {
    leadId,
    partnerLeadId,
    estado,
    observacion,
    ...(lead === null ? {} : { isOfRecord: true }),
  };
  const base = {
    rowNumber,
    kind: 'update' as const,
    warnings: read.warnings,
    keyId: key.id,
    payload: key.seal(JSON.stringify(payload)),
    // An own id may stand for several leads (`identity`): the record says which one, its identity does.
    partnerLeadId: partnerLeadId === null || lead !== null ? null : macPartnerLeadId(vault, partner.id, partnerLeadId),
    identity: lead === null ? null : macIdentity(vault, partner.id, lead.identity),
    leadId,
    isFinal: isFinalEstado(estado, partner.updates.finalEstados),
  };
  if (read.kind === 'rejected') {
    return {
      ...base,
      state: 'rejected',
      code: read.problems[0]?.code ?? null,
      problems: read.problems,
      content: null,
      orderKey: null,
    };
  }
  return {
    ...base,
    state: 'received',
    code: null,
    problems: [],
    content: macContent(vault, read.content),
    orderKey: read.orderKey ?? arrivedKey,
  };
}

function unreadable({ key, kind }: Reading, { rowNumber, at, fault, detail }: UnreadableRecord): NewRow {
  return {
    rowNumber,
    kind: kind === 'updates' ? 'update' : 'lead',
    state: 'rejected',
    code: fault,
    problems: [{ code: fault, detail: at === null ? detail : { ...detail, byte: at } }],
    warnings: [],
    keyId: key.id,
    payload: key.seal(JSON.stringify({ fields: {}, partnerLeadId: null } satisfies LeadPayload)),
    identity: null,
    content: null,
    partnerLeadId: null,
    orderKey: null,
    leadId: null,
    isFinal: false,
  };
}

import { isFinalEstado } from '../domain/estado.ts';
import type { FileKind } from '../domain/file-life.ts';
import type { MappedColumns } from '../domain/map-header.ts';
import type { Partner } from '../domain/partner.ts';
import { readLeadRow } from '../domain/read-lead-row.ts';
import { readUpdateRow } from '../domain/read-update-row.ts';
import { macContent, macIdentity, macPartnerLeadId } from './keyed-hashes.ts';
import type { Ports } from './ports.ts';
import type { NewRow } from './ports/ledger.ts';
import type { FileRecord, UnreadableRecord } from './ports/record-reader.ts';
import type { LeadPayload, UpdatePayload } from './ports/row.ts';
import type { DataKey } from './ports/vault.ts';

interface Reading {
  readonly kind: FileKind;
  readonly columns: MappedColumns;
  readonly partner: Partner;
  readonly key: DataKey;
  /** The file's arrival, for updates without a date of their own. */
  readonly arrivedKey: string;
}

/** One record as the ledger's row: read, judged, its personal data sealed. A record that can't be read is a row too. */
export function readRecord(ports: Pick<Ports, 'settings' | 'vault'>, reading: Reading, record: FileRecord): NewRow {
  if ('fault' in record) return unreadable(reading, record);
  return reading.kind === 'leads'
    ? readLead(ports, reading, record.rowNumber, record.cells)
    : readUpdate(ports, reading, record.rowNumber, record.cells);
}

function readLead(
  { settings, vault }: Pick<Ports, 'settings' | 'vault'>,
  { columns, partner, key }: Reading,
  rowNumber: number,
  cells: readonly string[],
): NewRow {
  const read = readLeadRow(cells, columns, partner, settings.fieldRules);
  const base = {
    rowNumber,
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
  { columns, partner, key, arrivedKey }: Reading,
  rowNumber: number,
  cells: readonly string[],
): NewRow {
  const read = readUpdateRow(cells, columns, partner);
  const { leadId, partnerLeadId } = read.kind === 'update' ? read.fields : read;
  const { estado, observacion } = read.kind === 'update' ? read.fields : { estado: '', observacion: '' };
  const base = {
    rowNumber,
    warnings: read.warnings,
    keyId: key.id,
    payload: key.seal(JSON.stringify({ leadId, partnerLeadId, estado, observacion } satisfies UpdatePayload)),
    partnerLeadId: partnerLeadId === null ? null : macPartnerLeadId(vault, partner.id, partnerLeadId),
    identity: null,
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

function unreadable({ key }: Reading, { rowNumber, at, fault, detail }: UnreadableRecord): NewRow {
  return {
    rowNumber,
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

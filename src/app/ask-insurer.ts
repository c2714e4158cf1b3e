import { isYoungerThanItsRequest, ownIdOf } from './own-ids.ts';
import type { Ports } from './ports.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { AttemptLine, RowFilter } from './ports/ledger.ts';
import type { LedgerRow } from './ports/row.ts';
import { openLead, openUpdate } from './row-payload.ts';
import { formatCsvLine } from '../domain/csv-line.ts';

type AskPorts = Pick<Ports, 'ledger' | 'settings' | 'vault'>;

/** Of which rows. Without a limit all that fit. */
export type AskedRows = Omit<RowFilter, 'limit' | 'state'> & { readonly limit?: number };

/** What the insurer is asked about, in order: names are promises. */
const columns = [
  'row',
  'kind',
  'partner',
  'partnerLeadId',
  'leadId',
  'estado',
  'agenteId',
  'requestId',
  'earlierRequestIds',
  'sentAt',
  'nifEnding',
] as const;

const pageRows = 500;
const delimiter = ';';
const byteOrderMark = '\uFEFF';

export async function countDoubts({ ledger }: Pick<AskPorts, 'ledger'>, asked: AskedRows): Promise<number> {
  let count = 0;
  for await (const page of pagesOf(ledger, asked)) count += page.length;
  return count;
}

/**
 * What the insurer needs to find requests whose answer never came, as CSV for a spreadsheet: the ids under which each was
 * sent, when, and the end of the NIF to be sure of the person; not the NIF. It is personal data, so that it was taken out
 * is audited, before the first line of it.
 */
export async function* askInsurer(
  ports: AskPorts & { readonly auditLog: Pick<AuditLog, 'note'> },
  asked: AskedRows,
  by: { readonly actor: string; readonly reason: string },
): AsyncGenerator<string> {
  await ports.auditLog.note({
    action: 'rows.exported',
    ...by,
    detail: { state: 'in_doubt', filter: asked, rows: await countDoubts(ports, asked), columns },
  });
  yield byteOrderMark + formatCsvLine(columns, delimiter);
  for await (const page of pagesOf(ports.ledger, asked)) {
    for (const row of page) yield formatCsvLine(await cellsOf(ports, row), delimiter);
  }
}

/** Newest first. */
async function* pagesOf(ledger: AskPorts['ledger'], { limit = Infinity, ...asked }: AskedRows) {
  let left = limit;
  let before: string | undefined = asked.belowId;
  while (left > 0) {
    const page: readonly LedgerRow[] = await ledger.rows({
      ...asked,
      ...(before === undefined ? {} : { belowId: before }),
      state: 'in_doubt',
      limit: Math.min(pageRows, left),
    });
    if (page.length > 0) yield page;
    before = page.at(-1)?.id;
    left -= page.length;
    if (page.length < pageRows) return;
  }
}

async function cellsOf(ports: AskPorts, row: LedgerRow): Promise<string[]> {
  const attempts = await ports.ledger.attempts(row.id);
  const latest = attempts.find(({ id }) => id === row.attemptId);
  const earlier = attempts.filter((attempt) => attempt !== latest && mayHaveArrived(attempt));
  const what = row.kind === 'lead' ? await leadIn(ports, row) : await updateIn(ports, row);
  return [
    row.id,
    row.kind,
    row.partner,
    what.partnerLeadId,
    what.leadId,
    what.estado,
    what.agenteId,
    row.attemptId ?? '',
    earlier.map(({ id }) => id).join(' '),
    (row.intentAt ?? latest?.begunAt)?.toISOString() ?? '',
    // Not the NIF itself: the list goes by mail.
    what.nif.slice(-4),
  ];
}

/** A create or an update that was sent again since: the insurer may have this one, or both. */
function mayHaveArrived({ step, evidence, outcome }: AttemptLine): boolean {
  return step !== 'check' && evidence !== 'never_written' && (outcome === null || outcome === 'ambiguous');
}

interface Sent {
  readonly partnerLeadId: string;
  readonly leadId: string;
  readonly estado: string;
  readonly agenteId: string;
  readonly nif: string;
}

async function leadIn({ vault, settings }: AskPorts, row: LedgerRow): Promise<Sent> {
  const { fields, partnerLeadId } = await openLead(vault, row);
  return {
    partnerLeadId: partnerLeadId ?? (isYoungerThanItsRequest(row) ? '' : ownIdOf(settings, row)),
    leadId: row.leadId ?? '',
    estado: '',
    agenteId: row.agenteId ?? '',
    nif: fields['dni'] ?? '',
  };
}

/** Person, agent and ids are those of its lead; of a lead that the ledger lacks, what the update itself names. */
async function updateIn(ports: AskPorts, row: LedgerRow): Promise<Sent> {
  const payload = await openUpdate(ports.vault, row);
  const lead = row.leadRow === null ? null : await ports.ledger.row(row.leadRow);
  const known = lead === null ? null : await leadIn(ports, lead);
  return {
    partnerLeadId: known?.partnerLeadId ?? payload.partnerLeadId ?? '',
    leadId: row.leadId ?? known?.leadId ?? payload.leadId ?? '',
    estado: payload.estado,
    agenteId: known?.agenteId ?? '',
    nif: known?.nif ?? '',
  };
}

import type { GatheredPerson } from '../app/gather-person.ts';
import type { ErasureView } from '../app/ports/erasure-ledger.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import { sayLeft } from '../view/erasure-words.ts';
import { showInstant } from '../view/instant.ts';
import { isOpenState } from '../view/outcome-words.ts';
import { sayRows } from '../view/say-rows.ts';
import { formatRows } from './row-table.ts';
import { formatTable } from './table.ts';
import { wrapText } from './text-width.ts';

interface Page {
  readonly timeZone: string;
  readonly width: number;
}

/** What becomes of a person's rows, in the order in which somebody wants to know it. */
const classes = {
  in_doubt:
    'in doubt, erased as soon as you have found out: `leadsync in-doubt --ask FILE.csv`, then `leadsync resolve`',
  under_way: 'under way, erased as soon as the answer is there',
  cancelled: 'cancelled, since nothing of it was sent, and erased',
  erased: 'erased; outcome, leadId and audit events stay',
} as const;
type EraseClass = keyof typeof classes;

function classOf({ state, code }: LedgerRow): EraseClass {
  if (state === 'in_doubt' || code === 'API_NO_ANSWER') return 'in_doubt';
  if (state === 'submitting' || state === 'pushing') return 'under_way';
  return isOpenState(state) || state === 'failed' ? 'cancelled' : 'erased';
}

/** What an erasing would do. Nothing of the person but which rows are theirs. */
export function formatGathered(
  { rows, kept, traces }: GatheredPerson,
  listed: readonly ErasureView[],
  page: Page,
): string {
  const { width } = page;
  const sections = (Object.keys(classes) as EraseClass[]).flatMap((name) => {
    const own = rows.filter((row) => classOf(row) === name);
    return own.length === 0
      ? []
      : [`${wrapText(`${sayRows(own.length)} ${classes[name]}`, width)}\n${firstRows(own, page)}`];
  });
  if (kept.length > 0) {
    const says = `${sayRows(kept.length)} with a phone, an e-mail or a lead of theirs and another person's NIF: kept`;
    sections.push(`${wrapText(says, width)}\n${firstRows(kept, page)}`);
  }
  const leadIds = leadIdsOf(rows);
  if (leadIds.length > 0) {
    sections.push(
      wrapText(
        `The insurer has ${leadIds.length === 1 ? 'a lead' : `${leadIds.length} leads`} of theirs, which the API can not delete. Tell it: ${leadIds.join(', ')}`,
        width,
      ),
    );
  }
  if (rows.length === 0) sections.push('no row is theirs');
  const ids = listed.map(({ id }) => id).join(', ');
  const known = traces.keys.map(({ kind }) => ({ nif: 'NIF', phone: 'phone', email: 'e-mail' })[kind]).join(', ');
  sections.push(
    wrapText(
      listed.length > 0
        ? `On the suppression list already: erasure ${ids}`
        : `On the suppression list from then on: ${known}`,
      width,
    ),
  );
  return sections.join('\n\n');
}

/** A broker's own phone may stand on thousands of rows. */
const rowsShown = 50;

function firstRows(rows: readonly LedgerRow[], page: Page): string {
  const more = rows.length - rowsShown;
  return `${formatRows(rows.slice(0, rowsShown), page)}${more > 0 ? `\n… and ${more} more: --json` : ''}`;
}

function leadIdsOf(rows: readonly LedgerRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ kind, leadId }) => (kind === 'lead' && leadId !== null ? leadId : [])))];
}

/** For scripts: names are promises. */
export function gatheredJson({ rows, kept }: GatheredPerson) {
  const told = (row: LedgerRow) => ({
    id: row.id,
    fileId: row.fileId,
    row: row.rowNumber,
    kind: row.kind,
    partner: row.partner,
    state: row.state,
    leadId: row.leadId,
  });
  return { rows: rows.map(told), kept: kept.map(told), leadIds: leadIdsOf(rows) };
}

/** For scripts: names are promises. */
export function erasureJson({ id, actor, reason, begunAt, endedAt, erased, refused, left, lifted }: ErasureView) {
  return { id, actor, reason, begunAt, endedAt, erased, refused, left, lifted };
}

/** Erasures, newest first; nothing of a person. */
export function formatErasures(erasures: readonly ErasureView[], { timeZone, width }: Page): string {
  return formatTable(
    [
      { header: 'erasure', align: 'right' },
      { header: 'begun' },
      { header: 'by', canShrink: true },
      { header: 'erased', align: 'right' },
      { header: 'refused', align: 'right' },
      { header: 'state', canShrink: true },
      { header: 'reason', canShrink: true },
    ],
    erasures.map((erasure) => [
      erasure.id,
      showInstant(erasure.begunAt, timeZone).slice(0, 16),
      erasure.actor,
      String(erasure.erased),
      String(erasure.refused),
      `${erasure.endedAt === null ? sayLeft(erasure) : 'done'}${erasure.lifted === null ? '' : ', lifted'}`,
      erasure.reason,
    ]),
    width,
  );
}

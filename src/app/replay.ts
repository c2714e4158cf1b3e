import type { RowFilter } from './ports/ledger.ts';
import type { Ports } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';
import { takeBackToWork } from './take-back-to-work.ts';

/** What a replay would do to a row, and why. */
export type ReplayClass =
  /** Proven not to have created anything: taken back to work. */
  | 'safe'
  /** Rejected before anything was sent, for what the row itself says: only a corrected file changes that. */
  | 'needs_corrected_file'
  /** May exist at the insurer: a person decides with `resolve`. */
  | 'in_doubt'
  /** Ended for good, or at work already. */
  | 'not_replayable';

export interface ReplayPreview {
  /** The frozen selection: exactly these rows, as they were looked at. */
  readonly rows: readonly { readonly row: LedgerRow; readonly class: ReplayClass }[];
}

export interface ReplayReport {
  readonly replayed: number;
  /** The row had moved on since the preview. */
  readonly movedOn: number;
  /** Another row holds the lead meanwhile. */
  readonly heldByAnother: number;
}

/** Rows a replay would look at: an explicit state in the filter wins, otherwise everything parked. */
export async function previewReplay({ ledger }: Pick<Ports, 'ledger'>, filter: RowFilter): Promise<ReplayPreview> {
  const states = filter.state === undefined ? ['failed', 'rejected', 'in_doubt'] : [filter.state];
  const rows: LedgerRow[] = [];
  for (const state of states) rows.push(...(await ledger.rows({ ...filter, state })));
  return { rows: rows.map((row) => ({ row, class: classOf(row) })) };
}

/** Takes the safe rows of a preview back to work. Running it twice replays nothing twice: each row is compared with what the preview saw. */
export async function replay(
  { ledger }: Pick<Ports, 'ledger'>,
  preview: ReplayPreview,
  by: { readonly actor: string; readonly reason: string },
  progress: (done: number) => void = () => undefined,
): Promise<ReplayReport> {
  const safe = preview.rows.filter((entry) => entry.class === 'safe');
  const report = { replayed: 0, movedOn: 0, heldByAnother: 0 };
  let done = 0;
  for (const { row } of safe) {
    const result = await takeBackToWork(ledger, row, by);
    if (result.won) report.replayed += 1;
    else if (result.why === 'taken') report.heldByAnother += 1;
    else report.movedOn += 1;
    progress((done += 1));
  }
  return report;
}

function classOf(row: LedgerRow): ReplayClass {
  if (row.state === 'in_doubt') return 'in_doubt';
  if (row.state === 'failed' || row.state === 'not_managed' || row.code === 'ROW_CANCELLED') return 'safe';
  if (row.state !== 'rejected') return 'not_replayable';
  return wasRejectedByItsContent(row) ? 'needs_corrected_file' : 'safe';
}

/** Rows rejected while reading have no identity to hold and nothing that asking again would change. */
function wasRejectedByItsContent(row: LedgerRow): boolean {
  return row.version === 0;
}

import type { ReplayBatch, StayedRow } from '../app/ports/replay-ledger.ts';
import { showInstant } from '../view/instant.ts';
import { sayReplayFilter, sayReplayProgress, sayReplayShare, sayStayed } from '../view/replay-words.ts';
import { outcomeWords } from '../view/outcome-words.ts';
import { sayRows } from '../view/say-rows.ts';
import { formatTable } from './table.ts';
import { wrapText } from './text-width.ts';

interface Page {
  readonly timeZone: string;
  readonly width: number;
}

/** Batches, newest first. */
export function formatReplays(batches: readonly ReplayBatch[], { timeZone, width }: Page): string {
  return formatTable(
    [
      { header: 'replay', align: 'right' },
      { header: 'started' },
      { header: 'by', canShrink: true },
      { header: 'state' },
      { header: 'rows', align: 'right' },
      { header: 'done', align: 'right' },
      { header: 'reason', canShrink: true },
    ],
    batches.map((batch) => [
      batch.id,
      showInstant(batch.startedAt, timeZone),
      batch.actor,
      batch.state,
      String(batch.rows),
      sayReplayShare(batch),
      batch.reason,
    ]),
    width,
  );
}

/** One batch, and the rows of it that stayed. */
export function formatReplay(batch: ReplayBatch, stayed: readonly StayedRow[], { timeZone, width }: Page): string {
  const ended = batch.endedAt === null ? '' : `, ${batch.state} ${showInstant(batch.endedAt, timeZone)}`;
  const lines = [
    wrapText(
      `replay ${batch.id}: ${sayRows(batch.rows)}, at most ${batch.rate} a second, started ${showInstant(batch.startedAt, timeZone)} by ${batch.actor}${ended}`,
      width,
    ),
    wrapText(`reason: ${batch.reason}`, width),
    wrapText(`selected: ${sayReplayFilter(batch)}`, width),
    sayReplayProgress(batch),
  ];
  if (batch.replaced > 0) {
    const says = `${sayRows(batch.replaced)} of these had failed and ${batch.replaced === 1 ? 'is' : 'are'} cancelled now (ROW_REPLACED): the row that holds the lead has taken the place`;
    lines.push(wrapText(says, width));
  }
  if (stayed.length > 0) {
    const table = formatTable(
      [
        { header: 'row', align: 'right' },
        { header: 'stayed because' },
        { header: 'is now' },
        { header: 'code', canShrink: true },
      ],
      stayed.map((row) => [row.rowId, sayStayed(row), outcomeWords[row.state].word, row.code ?? '']),
      width,
    );
    lines.push('', table);
  }
  return lines.join('\n');
}

import { wholeLines } from './line-end.ts';
import { isBlank } from './record-width.ts';
import { createRecordSplitter } from './split-records.ts';

export interface DetectedDelimiter {
  readonly delimiter: string;
  /** The bytes of Excel's `sep=;` line, which is no record. */
  readonly skipBytes: number;
}

const candidates = [';', ',', '\t', '|'];

/**
 * Finds the one delimiter by which the records of the sample are cut most, and as often as the header. A set of delimiters is never
 * used together: it cuts 1.234,56 in two.
 */
export function detectDelimiter(
  sample: Buffer,
  isWholeFile: boolean,
  configured: string | undefined,
): DetectedDelimiter {
  const sep = /^"?sep=([^\w"'\r\n])"?(?:\r\n|\n|\r|$)/iu.exec(sample.subarray(0, 14).toString('utf8'));
  const skipBytes = sep === null ? 0 : Buffer.byteLength(sep[0]);
  const named = configured ?? sep?.[1];
  if (named !== undefined) return { delimiter: named, skipBytes };
  const text = sample.subarray(skipBytes, isWholeFile ? sample.length : wholeLines(sample));
  const scores = candidates.map((delimiter) => ({ delimiter, score: scoreOf(text, delimiter) }));
  // Nothing to cut: one column. Any delimiter will do.
  const best = scores.reduce((most, each) => (each.score > most.score ? each : most), { delimiter: ',', score: 0 });
  return { delimiter: best.delimiter, skipBytes };
}

/**
 * The share of records that are as wide as the header, times the cuts in each. By the share alone a comma that stands in
 * every name would win over the semicolons of a file with a few ragged rows.
 */
function scoreOf(text: Buffer, delimiter: string): number {
  const splitter = createRecordSplitter({ delimiter, width: null, maxCell: text.length, maxRecord: text.length });
  const filled = splitter.take(text, true).filter(({ cells }) => cells === null || !isBlank(cells));
  const width = filled[0]?.cells?.length ?? 0;
  const fitting = filled.filter(({ damage }) => damage === null).length / Math.max(filled.length, 1);
  return fitting * (width - 1);
}

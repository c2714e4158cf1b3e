import { splitRecords, wholeLines } from './split-records.ts';

export interface DetectedDelimiter {
  readonly delimiter: string;
  /** The bytes of Excel's `sep=;` line, which is no record. */
  readonly skipBytes: number;
}

const candidates = [';', ',', '\t', '|'];

/**
 * Finds the one delimiter by which the most records of the sample are as wide as the header. A set of delimiters is never
 * used together: it cuts 1.234,56 in two.
 */
export function detectDelimiter(
  sample: Buffer,
  isWholeFile: boolean,
  configured: string | undefined,
): DetectedDelimiter {
  const sep = /^sep=(.)(?:\r\n|\n|\r|$)/i.exec(sample.subarray(0, 12).toString('utf8'));
  const skipBytes = sep === null ? 0 : Buffer.byteLength(sep[0]);
  const named = configured ?? sep?.[1];
  if (named !== undefined) return { delimiter: named, skipBytes };
  const text = sample.subarray(skipBytes, isWholeFile ? sample.length : wholeLines(sample));
  let best = { delimiter: ',', fitting: 0, width: 1 };
  for (const delimiter of candidates) {
    const { fitting, width } = fitOf(text, delimiter, isWholeFile);
    const isBetter = fitting > best.fitting || (fitting === best.fitting && width > best.width);
    if (width > 1 && isBetter) best = { delimiter, fitting, width };
  }
  return { delimiter: best.delimiter, skipBytes };
}

/** The share of records that are as wide as the header. */
function fitOf(text: Buffer, delimiter: string, isWholeFile: boolean): { fitting: number; width: number } {
  const { records } = splitRecords(text, delimiter, null, isWholeFile);
  const filled = records.filter(({ cells }) => cells === null || cells.some((cell) => cell.trim() !== ''));
  const width = filled[0]?.cells?.length ?? 0;
  const fitting = filled.filter(({ cells }) => cells !== null).length / Math.max(filled.length, 1);
  return { fitting, width };
}

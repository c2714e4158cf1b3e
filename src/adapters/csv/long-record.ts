import { lineEndAfter, wholeLines } from './line-end.ts';

/** Finds the end of a record that is too long to be held, without holding it. */
export interface LongRecord {
  /** How many bytes of `pending` belong to the record, and whether it ends there. */
  take(pending: Buffer, isLast: boolean): { readonly end: number; readonly isOver: boolean };
}

/**
 * A quoted one ends with the line in which its quotes are even again, or before a line that is a record by itself, which
 * says that a quote was never closed. Any other ends with its line.
 */
export function createLongRecord(options: {
  readonly isQuoted: boolean;
  /** Bytes. A longer line is no record. */
  readonly most: number;
  readonly isRecord: (line: Buffer) => boolean;
}): LongRecord {
  const { isQuoted, most, isRecord } = options;
  let isInside = false;
  let isLineStart = true;
  const pass = (bytes: Buffer): void => {
    isInside = isInside !== hasOddQuotes(bytes);
  };
  return {
    take(pending, isLast) {
      const whole = isLast ? pending.length : wholeLines(pending);
      let end = 0;
      while (end < whole) {
        const line = pending.subarray(end, lineEndAfter(pending, end));
        if (isInside && isLineStart && line.length <= most && isRecord(line)) return { end, isOver: true };
        pass(line);
        end += line.length;
        isLineStart = true;
        if (!isQuoted || !isInside) return { end, isOver: true };
      }
      if (isLast) return { end, isOver: true };
      const rest = pending.subarray(end);
      // A CR at the very end stays: its LF may follow.
      const kept = rest.at(-1) === 13 ? 1 : 0;
      if (rest.length - kept <= most && isLineStart) return { end, isOver: false };
      pass(rest.subarray(0, rest.length - kept));
      isLineStart = false;
      return { end: pending.length - kept, isOver: false };
    },
  };
}

function hasOddQuotes(bytes: Buffer): boolean {
  let isOdd = false;
  for (let at = bytes.indexOf(34); at !== -1; at = bytes.indexOf(34, at + 1)) isOdd = !isOdd;
  return isOdd;
}

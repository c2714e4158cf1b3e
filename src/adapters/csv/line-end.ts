/** The bytes up to and including the last line ending; a CR at the very end may be half of one. */
export function wholeLines(bytes: Buffer): number {
  const lf = bytes.lastIndexOf(10) + 1;
  const cr = bytes.subarray(0, -1).lastIndexOf(13) + 1;
  return Math.max(lf, cr);
}

/** Where the line that holds this position ends, behind its line ending. */
export function lineEndAfter(bytes: Buffer, position: number): number {
  const lf = bytes.indexOf(10, position);
  const line = bytes.subarray(position, lf === -1 ? bytes.length : lf);
  const cr = line.indexOf(13);
  if (cr !== -1 && (lf === -1 || cr < line.length - 1)) return position + cr + 1;
  return lf === -1 ? bytes.length : lf + 1;
}

/** Whether a record has a line ending other than its own. */
export function hasLineBreak(record: Buffer): boolean {
  const first = record.indexOf(10);
  if (first !== -1 && first < record.length - 1) return true;
  const cr = record.indexOf(13);
  return cr !== -1 && cr < record.length - 2;
}

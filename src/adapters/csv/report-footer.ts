import type { RecordWidth } from './record-width.ts';
import type { SplitRecord } from './split-records.ts';

export interface FooterFilter {
  /** Passes records on, in order. May hold the last few back until more come. */
  take(records: readonly SplitRecord[]): readonly SplitRecord[];
  /** What is left at the end of the file and is no footer. */
  end(): readonly SplitRecord[];
}

// What Salesforce writes below a report.
const phrases = [
  /^grand (?:total|summar)/i,
  /^total(?:es)? general(?:es)?\b/i,
  /^confidential information - do not distribute/i,
  /^informaci[oó]n confidencial\b.*no distribuir/i,
  /^copyright \(c\) \d{4}.*salesforce/i,
  /^(?:generated|generado) (?:by|por): /i,
];

/** The footer of a report has fewer lines. */
const mostHeld = 12;

/** What ends a file of DOS. */
const ctrlZ = '\u001A';

/**
 * Takes the footer of a Salesforce report off the end of a file: records with one filled cell from the first known
 * phrase, or from the blank line before it, to the very end. A record with one cell anywhere else is damaged, and is
 * passed on as that. `afterRow` is the number of the record before the first.
 */
export function createFooterFilter(width: RecordWidth, afterRow: number): FooterFilter {
  let held: SplitRecord[] = [];
  let passed: SplitRecord[] = [];
  let before = afterRow;

  function takeOne(record: SplitRecord): void {
    if (onlyText(record) !== null) {
      held.push(record);
      if (held.length > mostHeld) pass(1);
      return;
    }
    if (held.length > 0) pass(held.length);
    passed.push(record);
    before = record.rowNumber;
  }

  function pass(count: number): void {
    const released = held.splice(0, count);
    before = released.at(-1)?.rowNumber ?? before;
    passed.push(...released);
  }

  return {
    take(records) {
      // A footer needs a wide report above it: in a list of two columns a single cell may well be a row.
      if (width.named < 3) return records;
      passed = [];
      for (const record of records) takeOne(record);
      return passed;
    },
    end() {
      const first = footerStart(held, before);
      return first === -1 ? held : held.slice(0, first);
    },
  };
}

function footerStart(held: readonly SplitRecord[], before: number): number {
  if (!held.some((record) => isPhrase(record))) return -1;
  return held.findIndex((record, index) => {
    const above = held[index - 1]?.rowNumber ?? before;
    return isPhrase(record) || record.rowNumber > above + 1;
  });
}

function isPhrase(record: SplitRecord): boolean {
  const text = onlyText(record);
  return text !== null && (text === ctrlZ || phrases.some((phrase) => phrase.test(text)));
}

/** The text of a record whose first cell alone is filled. */
function onlyText({ cells }: SplitRecord): string | null {
  const text = cells?.[0]?.trim() ?? '';
  if (text === '' || cells === null) return null;
  for (let at = 1; at < cells.length; at++) if (cells[at]?.trim() !== '') return null;
  return text;
}

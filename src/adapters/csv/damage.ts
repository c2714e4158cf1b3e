import type { RecordFault } from '../../app/ports/record-reader.ts';

/** What is wrong with a record, with the numbers that its message needs. */
export interface Damage {
  readonly fault: RecordFault;
  readonly detail: Readonly<Record<string, number>>;
}

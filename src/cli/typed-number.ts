import { UsageFault } from './usage-fault.ts';

/** The ledger's id of a row or file, as typed. */
export function readId(option: string, text: string): string {
  if (/^[1-9]\d{0,17}$/.test(text)) return text;
  throw new UsageFault(`${option}: expected a number such as 42; got "${text}"`);
}

/** How many, as typed. */
export function readCount(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageFault(`${option}: expected a whole number from 1 to 9999999; got "${text}"`);
}

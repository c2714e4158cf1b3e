import type { FaultCode } from './faults.ts';

/**
 * Something wrong with a row, or something repaired in it, told without any personal value. `column` is the contract's
 * or the ledger's own field name, never the partner's header (partners put personal data there); `detail` carries
 * limits and known codes only.
 */
export interface Problem {
  readonly code: FaultCode;
  readonly column?: string;
  readonly detail?: Readonly<Record<string, string | number>>;
}

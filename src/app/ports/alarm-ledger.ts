import type { Acknowledgement, Alarm } from '../../domain/alarm.ts';
import type { Act } from './held-files.ts';

/** What people know of already. Both acts are audited. */
export interface AlarmLedger {
  /** Those whose time is not over. */
  acknowledgements(): Promise<readonly Acknowledgement[]>;
  /** From now on, in place of an earlier one of the same alarm. */
  acknowledge(alarm: Pick<Alarm, 'alarm' | 'level'>, until: Date, act: Act): Promise<void>;
  /** The alarm is news again. False: it was not acknowledged. */
  withdraw(alarm: string, act: Act): Promise<boolean>;
}

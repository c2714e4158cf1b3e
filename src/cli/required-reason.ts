import { UsageFault } from './usage-fault.ts';

/** The reason that is audited with what an operator does. */
export function requiredReason(reason: string | undefined): string {
  const text = reason?.trim() ?? '';
  if (text !== '' && text.length <= 500) return text;
  throw new UsageFault(
    `--reason: expected why, in 1 to 500 characters (it is audited; no personal data); got ${text === '' ? 'nothing' : `${text.length}`}`,
  );
}

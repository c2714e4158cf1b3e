import type { Ports } from './ports.ts';
import type { CallResult } from './ports/leads-api.ts';
import type { LedgerRow } from './ports/row.ts';
import { attemptEndOf } from './attempt-end.ts';
import { systemCode } from './system-code.ts';
import { withoutControls } from './without-controls.ts';

interface Announced {
  readonly row: LedgerRow;
  readonly fence: number;
  readonly attemptId: string;
  readonly step: 'create' | 'push';
}

/**
 * A call between two lines of the spool: the request before it leaves, the answer before the ledger is told. A request
 * that can't be noted is not sent; its intent has committed, so it is answered as never written.
 */
export async function spooled<A extends { readonly leadId: string; readonly idLanding?: string | null }>(
  ports: Pick<Ports, 'log' | 'spool'>,
  { row, fence, attemptId, step }: Announced,
  call: () => Promise<CallResult<A>>,
): Promise<CallResult<A>> {
  try {
    const { id: rowId, partner, identity, content } = row;
    ports.spool.noteRequest({ attemptId, rowId, fence, step, partner, identity, content });
  } catch (error) {
    ports.log.event('spoolUnwritable', { code: systemCode(error) });
    return {
      outcome: { kind: 'not_sent', code: 'SPOOL_UNWRITABLE', withheld: true },
      evidence: 'never_written',
      httpStatus: null,
    };
  }
  const result = await call();
  try {
    const { outcome } = result;
    const ids = outcome.kind === 'answered' ? outcome.answer : null;
    ports.spool.noteAnswer({
      ...attemptEndOf({ attemptId, result }),
      ...(ids === null ? {} : { leadId: ids.leadId, code: 'ko' in ids && ids.ko === true ? 'API_KO' : null }),
      idLanding: withoutControls(ids?.idLanding ?? null),
    });
  } catch (error) {
    ports.log.event('spoolUnwritable', { code: systemCode(error) });
  }
  return result;
}

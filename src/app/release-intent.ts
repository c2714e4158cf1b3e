import { keepWriting } from './keep-writing.ts';
import type { Ports } from './ports.ts';
import type { RowState, Step } from './ports/row.ts';

/**
 * Takes back an intent of ours whose commit is unknown and for which nothing was sent. Named by its own attempt id, so
 * that an intent of somebody else is never touched. Finds nothing when the intent never committed.
 */
export async function releaseIntent(
  ports: Pick<Ports, 'ending' | 'instance' | 'ledger'>,
  intent: {
    readonly rowId: string;
    readonly fence: number;
    readonly attemptId: string;
    readonly state: RowState;
    readonly step: Step;
  },
): Promise<void> {
  await keepWriting(
    ports.ledger,
    {
      rowId: intent.rowId,
      from: [intent.state, 'in_doubt'],
      fence: intent.fence,
      attempt: intent.attemptId,
      to: 'waiting',
      dueInMs: 0,
      set: { step: intent.step },
      end: {
        attemptId: intent.attemptId,
        evidence: 'never_written',
        httpStatus: null,
        outcome: 'not_sent',
        code: 'API_NOT_SENT',
      },
      audit: { action: 'row.intent_released', actor: ports.instance },
    },
    ports.ending,
  );
}

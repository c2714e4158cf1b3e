import { answerableUpdateStates } from '../domain/status-update.ts';
import type { Ports } from './ports.ts';
import type { GapLedger, UnansweredRow } from './ports/gap-ledger.ts';
import type { RowMove } from './ports/row-moves.ts';
import type { Spool, SpooledAnswer } from './ports/spool.ts';
import { withoutControls } from './without-controls.ts';

type SettlePorts = Pick<Ports, 'instance' | 'ledger' | 'log'> & {
  readonly gap: Pick<GapLedger, 'unanswered'>;
  readonly spool: Pick<Spool, 'answersOf' | 'otherInstances'>;
  /** Has this process provably ended? Whoever else is silent for long has as well. */
  readonly hasEnded: (instance: string) => boolean;
};

/**
 * Brings answers that a process of this host had noted and could not write down before it ended: its rows are spared
 * their doubt. Repeatable, and any number of processes may do it at once: each answer is written by the attempt that it
 * belongs to. `seen` remembers the attempts for which there is no answer, so that no spool is read twice for them.
 */
export async function settleSpooled(ports: SettlePorts, seen: Set<string>): Promise<number> {
  const holders = await ports.spool.otherInstances();
  if (holders.length === 0) return 0;
  const rows = (await ports.gap.unanswered(holders, holders.filter(ports.hasEnded))).filter(
    ({ attemptId }) => !seen.has(attemptId ?? ''),
  );
  let settled = 0;
  for (const [holder, itsRows] of Map.groupBy(rows, (row) => row.holder ?? '')) {
    const wanted = new Map(itsRows.map((row) => [row.attemptId ?? '', row]));
    for (const answer of await ports.spool.answersOf(holder, new Set(wanted.keys()))) {
      const row = wanted.get(answer.attemptId);
      const move = row === undefined ? null : moveOf(row, answer, ports.instance);
      if (move !== null && (await bring(ports, move))) settled += 1;
    }
    for (const attempt of wanted.keys()) seen.add(attempt);
  }
  if (settled > 0) ports.log.event('answersFound', { rows: settled });
  return settled;
}

async function bring({ ledger }: SettlePorts, move: RowMove): Promise<boolean> {
  const result = await ledger.move(move);
  if (result.won || result.why !== 'taken') return result.won;
  // The leadId is another row's: which of the two is wrong, only a person can tell.
  const code = 'API_LEAD_ID_TAKEN';
  const { won } = await ledger.move({
    ...move,
    from: ['submitting'],
    to: 'in_doubt',
    set: { code, step: null },
    audit: move.audit === null ? null : { ...move.audit, code },
  });
  return won;
}

/** Null: the answer says nothing that would end the doubt. */
function moveOf(row: UnansweredRow, { idLanding, ...end }: SpooledAnswer, actor: string): RowMove | null {
  const base = {
    rowId: row.id,
    fence: row.fence,
    ...(row.attemptId === null ? {} : { attempt: row.attemptId }),
    end,
    audit: { action: 'row.answer_found', actor, code: end.code },
  };
  const from = row.kind === 'lead' ? (['submitting', 'in_doubt'] as const) : (['pushing'] as const);
  switch (end.outcome) {
    case 'answered':
      if (row.kind === 'update')
        return { ...base, from: answerableUpdateStates, to: 'pushed', set: { code: null, step: null } };
      if (end.leadId === undefined) return null;
      return {
        ...base,
        from,
        to: 'registered',
        set: { leadId: end.leadId, idLanding: withoutControls(idLanding), code: end.code, step: null },
      };
    case 'refused':
      // What refuses a repeat says nothing about the request before it.
      if (row.isRepeated || end.code === null) return null;
      return { ...base, from, to: 'rejected', set: { code: end.code, problems: [{ code: end.code }], step: null } };
    case 'not_sent':
    case 'try_later':
    case 'halted': {
      if (row.isRepeated) return null;
      const step = row.kind === 'lead' ? 'create' : 'push';
      return { ...base, from, to: 'waiting', dueInMs: 0, set: { step, code: end.code } };
    }
    default:
      return null;
  }
}

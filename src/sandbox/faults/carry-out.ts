import type { FastifyReply } from 'fastify';
import { answerEffects } from './answer-faults.ts';
import { comeBackLaterEffects } from './come-back-later-faults.ts';
import { connectionEffects } from './connection-faults.ts';
import type { StrikingFault } from './ordered-fault.ts';
import { statusEffects } from './status-faults.ts';
import type { Effects, StruckCall } from './struck-call.ts';

const effects: Effects<StrikingFault> = {
  ...connectionEffects,
  ...comeBackLaterEffects,
  ...statusEffects,
  ...answerEffects,
};

/** Answers a call as its fault has it, or doesn't. */
export function carryOut(fault: StrikingFault, call: StruckCall): Promise<FastifyReply> {
  // TypeScript does not see that the effect's name chose the function that takes this very fault.
  const effect = effects[fault.effect] as (fault: StrikingFault, call: StruckCall) => Promise<FastifyReply>;
  return effect(fault, call);
}

import type { OrderedFault } from '../../sandbox/faults/ordered-fault.ts';

/** The row whose answer the sandbox drops after creating the lead: it stays in doubt, to be seen. */
export const doubtPartnerLeadId = 'HS-DOUBT';

/** Two people about whom the client check answers KO until an operator has seen to it. Their rows fail and are replayed. */
const koNifs = { replayedByCommand: 'B94722451', retriedInTheQueue: '99680345R' };

export const dropOneAnswer: OrderedFault = {
  endpoint: 'altaLead',
  partnerLeadId: doubtPartnerLeadId,
  effect: 'drop_after_effect',
};

export const answerKo: readonly OrderedFault[] = Object.values(koNifs).map((nif) => ({
  endpoint: 'clientData',
  nif,
  times: 0,
  effect: 'ko',
}));

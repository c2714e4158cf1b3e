import type { LeadsContract } from '../leads-contract.ts';
import { altaLead } from './alta-lead.ts';
import { clientData } from './client-data.ts';
import { assumedRamos, leadOrigins } from './code-tables.ts';
import { leadFields } from './fields.ts';
import { fromAltaLead, fromClientData, fromUpdateLead } from './from-answer.ts';
import { readAltaLead, readClientData, readUpdateLead } from './from-request.ts';
import { answerAltaLead, answerClientData, answerUpdateLead } from './to-answer.ts';
import { toAltaLead, toClientData, toUpdateLead } from './to-request.ts';
import { updateLead } from './update-lead.ts';

/** Leads Contract API 1.2.5-RELEASE. */
export const leads125 = {
  version: '1.2.5',
  leadFields,
  leadOrigins,
  assumedRamos,
  schemas: { clientData, altaLead, updateLead },
  toRequest: { clientData: toClientData, altaLead: toAltaLead, updateLead: toUpdateLead },
  fromRequest: { clientData: readClientData, altaLead: readAltaLead, updateLead: readUpdateLead },
  toAnswer: { clientData: answerClientData, altaLead: answerAltaLead, updateLead: answerUpdateLead },
  fromAnswer: { clientData: fromClientData, altaLead: fromAltaLead, updateLead: fromUpdateLead },
} as const satisfies LeadsContract;

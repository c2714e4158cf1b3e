import { auditRebuilds } from './audit-rebuilds.ts';
import { erasedIsGone } from './erased-is-gone.ts';
import { everyLine } from './every-line.ts';
import type { Check, Evidence, Rule, Wrong } from './evidence.ts';
import { noPersonalData } from './no-personal-data.ts';
import { nothingLost } from './nothing-lost.ts';
import { nothingOpenTaken } from './nothing-open-taken.ts';
import { nothingStuck } from './nothing-stuck.ts';
import { oneCreate } from './one-create.ts';
import { ownLeadId } from './own-lead-id.ts';
import { trueSpool } from './true-spool.ts';
import { updatesInOrder } from './updates-in-order.ts';

const checks: Readonly<Record<Rule, Check>> = {
  'one create': oneCreate,
  'own leadId': ownLeadId,
  'nothing lost': nothingLost,
  'nothing stuck': nothingStuck,
  'every line': everyLine,
  audit: auditRebuilds,
  'updates in order': updatesInOrder,
  'true spool': trueSpool,
  'no personal data': noPersonalData,
  'nothing open taken': nothingOpenTaken,
  'erased is gone': erasedIsGone,
};

/** Looks at what came of it all and names every broken promise. */
export function check(evidence: Evidence): readonly Wrong[] {
  return Object.values(checks).flatMap((rule) => rule(evidence));
}

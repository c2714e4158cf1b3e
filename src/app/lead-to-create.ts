import { decideAfterCheck, decideWithoutCheck, type AfterCheck } from '../domain/after-check.ts';
import type { Partner } from '../domain/partner.ts';
import { ownIdOf } from './own-ids.ts';
import type { Settings } from './ports.ts';
import type { LeadPayload, LedgerRow } from './ports/row.ts';

/** What a row asks the API to create, after what its client check said: as it is sent, and as it is shown afterwards. */
export function leadToCreate(
  settings: Pick<Settings, 'ledgerId'>,
  row: Pick<LedgerRow, 'clientAnswer' | 'id'>,
  { fields, partnerLeadId }: LeadPayload,
  partner: Partner,
): AfterCheck {
  const next =
    row.clientAnswer === null
      ? decideWithoutCheck(fields, partner)
      : decideAfterCheck(row.clientAnswer, fields, partner);
  if (next.kind !== 'create') return next;
  // Without an id of the partner's the lead could not be found again at the insurer's.
  return { ...next, lead: { ...next.lead, partnerLeadId: partnerLeadId ?? ownIdOf(settings, row) } };
}

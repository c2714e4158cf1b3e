import { expect, it } from 'vitest';
import { leadForUpdate } from '../../src/app/lead-for-update.ts';
import type { LedgerRow, RowState } from '../../src/app/ports/row.ts';
import { aPartner } from '../domain/a-partner.ts';

/** An update that has waited for longer than anybody's patience, of the lead of its own record. */
function lookAt(state: RowState) {
  const ports = {
    ledger: { leadOfRecord: async () => ({ kind: 'found', rowId: '7', state, leadId: null }) },
    settings: { updatePatienceMs: 1_000 },
  } as unknown as Parameters<typeof leadForUpdate>[0];
  const row = { id: '8', partner: 'acme', fileId: '1', leadRow: '7', ageMs: 60_000 } as LedgerRow;
  const update = { leadId: null, partnerLeadId: 'CRM-1', estado: '5', observacion: 'x', isOfRecord: true } as const;
  return leadForUpdate(ports, row, update, aPartner());
}

it.each(['received', 'waiting', 'checked', 'submitting'] as const)(
  'the state that came with a lead waits for it while that is %s, beyond any patience',
  async (state) => {
    expect(await lookAt(state)).toEqual({ kind: 'wait', code: 'ROW_LEAD_NOT_REGISTERED_YET', leadRow: '7' });
  },
);

it.each(['in_doubt', 'failed', 'registered_without_id'] as const)(
  'and while a person has to find out about it (%s), until the patience is over',
  async (state) => {
    expect(await lookAt(state)).toMatchObject({ kind: 'reject', code: 'ROW_LEAD_STILL_NOT_REGISTERED' });
  },
);

it.each(['rejected', 'not_managed', 'cancelled', 'abandoned'] as const)(
  'and is rejected with a lead that is %s',
  async (state) => {
    expect(await lookAt(state)).toMatchObject({ kind: 'reject', code: 'ROW_LEAD_NOT_CREATED' });
  },
);

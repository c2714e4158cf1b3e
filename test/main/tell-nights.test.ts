import { expect, it } from 'vitest';
import type { ClaimedDelivery } from '../../src/app/ports/delivery-ledger.ts';
import { tellByFile } from '../../src/main/tell-nights.ts';
import { aPartner } from '../domain/a-partner.ts';

const summary = {
  night: '2026-11-24',
  timeZone: 'Europe/Madrid',
  partners: [{ partner: 'acme', files: [], expected: [], outcomes: {} }],
};

async function tell(partner: ReturnType<typeof aPartner> | null, isBroken: boolean) {
  const written: string[] = [];
  const publish = async (outbox: string): Promise<void> => void written.push(outbox);
  const partners = { get: () => partner, list: () => [], isBroken: () => isBroken };
  const delivery = { channel: 'file', recipient: 'acme', payload: summary } as unknown as ClaimedDelivery;
  const { kind } = await tellByFile({ folders: { publish } as never, partners })(delivery);
  return { kind, written };
}

it('the summary of a partner that was removed meanwhile is written nowhere', async () => {
  expect(await tell(null, false)).toEqual({ kind: 'dropped', written: [] });
  expect(await tell(null, true)).toEqual({ kind: 'delivered', written: ['acme'] });
  expect(await tell(aPartner(), false)).toEqual({ kind: 'delivered', written: ['acme'] });
});

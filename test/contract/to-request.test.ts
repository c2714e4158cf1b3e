import { expect, test } from 'vitest';
import { toAltaLead, toClientData, toUpdateLead } from '../../src/contract/leads-1.2.5/to-request.ts';

test('gives every field its type: booleans as booleans, codes as strings of digits', () => {
  expect(
    toAltaLead({ acceptTerms: 'true', agenteId: '0051245', motivoLlamada: '1', name: 'Ana', phone: '600000001' }),
  ).toEqual({
    acceptTerms: true,
    agenteId: '0051245',
    motivoLlamada: '1',
    name: 'Ana',
    phone: '600000001',
  });
});

test.each(['false', 'TRUE', 'yes', '1'])('takes acceptTerms %s for a no', (acceptTerms) => {
  expect(toAltaLead({ acceptTerms })).toEqual({ acceptTerms: false });
});

test('leaves out empty fields and names that the contract does not know', () => {
  expect(toAltaLead({ email: '', campaign: 'otoño', estado: '5' })).toEqual({ campaign: 'otoño' });
});

test('composes Unicode', () => {
  expect(toAltaLead({ name: 'Pérez'.normalize('NFD') })).toEqual({ name: 'Pérez'.normalize('NFC') });
  expect(toUpdateLead({ leadId: '7', estado: '05', observacion: 'Pérez'.normalize('NFD') })).toEqual({
    leadId: '7',
    estado: '05',
    observacion: 'Pérez'.normalize('NFC'),
  });
});

test('asks about a NIF', () => {
  expect(toClientData('12345678Z')).toEqual({ nif: '12345678Z' });
});

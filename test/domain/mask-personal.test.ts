import { describe, expect, it } from 'vitest';
import { maskPersonal } from '../../src/domain/mask-personal.ts';

describe('maskPersonal', () => {
  it.each([
    ['leads de ana@ejemplo.example.csv', 'leads de [e-mail]'],
    ['00000001R', '[NIF]'],
    ['leads_00000001R.csv', 'leads_[NIF].csv'],
    ['CRM-00.000.001-R', 'CRM-[NIF]'],
    ['X0000001R alta', '[NIF] alta'],
    ['de 00000001R.csv', 'de [NIF].csv'],
    ['600000001', '[phone]'],
    ['llamar +34 600 000 001.csv', 'llamar [phone].csv'],
    ['tel (600)00-00-01', 'tel [phone]'],
    ['x-00000001R', 'x-[NIF]'],
    ['A 00000001R', 'A [NIF]'],
    ['2026-00000001R.csv', '2026-[NIF].csv'],
    ['lista 3 600000001.csv', 'lista 3 [phone].csv'],
    ['600000001 2026.csv', '[phone] 2026.csv'],
    ['2026-600000001-2.csv', '2026-[phone]-2.csv'],
    ['600000001 600000002', '[phone] [phone]'],
  ])('replaces what says who somebody is: %s', (text, masked) => {
    expect(maskPersonal(text)).toBe(masked);
  });

  it.each([
    'hubspot-crm-exports-2026-11-27.csv',
    'export 20261127 0215.csv',
    'CRM-2026-0042',
    'leads 2026-09-27 103015.csv',
    'leads 20260927-103015-2.csv',
    'leads 2026.09.27 10.30.15.csv',
    '2026-06-01-00000001-2',
    'A1234567',
    '00000001A',
    '40211998877',
    'leads (3).csv',
    '',
  ])('leaves ids, dates and words as they are: %s', (text) => {
    expect(maskPersonal(text)).toBe(text);
  });
});

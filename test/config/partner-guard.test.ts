import { describe, expect, it } from 'vitest';
import { parsePartner } from '../../src/config/partner-yaml.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';

const parse = (text: string) => parsePartner('acme', `partner: acme\n${text}`, () => null, { leadFields });

describe('what a file is held for', () => {
  it('is nothing with off, as a whole or rule by rule', () => {
    expect(parse('drift: off').drift).toEqual({
      header: false,
      smallerPercent: null,
      biggerTimes: null,
      emptiedPercent: null,
    });
    expect(parse('drift: { header: false, smallerPercent: off }').drift).toEqual({
      header: false,
      smallerPercent: null,
      biggerTimes: 5,
      emptiedPercent: 90,
    });
  });

  it('has thresholds, a number of first rows and of rows with one id', () => {
    const partner = parse('drift: { smallerPercent: 30, biggerTimes: 3 }\nfirstRows: 10\nlimits: { rowsPerId: off }');
    expect(partner).toMatchObject({
      drift: { header: true, smallerPercent: 30, biggerTimes: 3 },
      firstRows: 10,
      limits: { rowsPerId: null },
    });
  });
});

it.each([
  ['45s', 45_000],
  ['30min', 1_800_000],
  ['12 h', 43_200_000],
  ['30d', 2_592_000_000],
])('reads %s as a time', (written, ms) => {
  expect(parse(`results: { every: ${written} }`).results.everyMs).toBe(ms);
  expect(parse(`recheck: { notManaged: ${written} }`).recheck.notManagedMs).toBe(ms);
});

it('takes another encoding and delimiter for results', () => {
  expect(parse('results: { encoding: windows-1252, delimiter: "\\t" }').results).toMatchObject({
    encoding: 'windows-1252',
    delimiter: '\t',
  });
});

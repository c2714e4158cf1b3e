import { describe, expect, it } from 'vitest';
import { kindOfFile, patternsOf } from '../../src/domain/match-file.ts';
import { aPartner } from './a-partner.ts';

describe('kindOfFile', () => {
  it('takes every CSV, TSV and text file of a partner without patterns for leads', () => {
    for (const name of ['Export.CSV', 'export.tsv', 'Export.Txt']) expect(kindOfFile(name, aPartner())).toBe('leads');
    for (const name of ['export.xlsx', 'export', 'csv']) expect(kindOfFile(name, aPartner())).toBeNull();
    expect(patternsOf(aPartner())).toEqual(['*.csv', '*.tsv', '*.txt']);
  });

  it('matches with * and ?, whatever the case', () => {
    const partner = aPartner({
      files: { mixed: null, leads: { match: 'hubspot-*-??.csv' }, updates: { match: 'updates*.csv' } },
    });
    expect(kindOfFile('HubSpot-export-07.csv', partner)).toBe('leads');
    expect(kindOfFile('hubspot-export-7.csv', partner)).toBeNull();
    expect(kindOfFile('updates.csv', partner)).toBe('updates');
  });

  it('lets the narrower pattern win', () => {
    const partner = aPartner({ files: { mixed: null, leads: { match: '*.csv' }, updates: { match: 'updates*.csv' } } });
    expect(patternsOf(partner)).toEqual(['*.csv', 'updates*.csv']);
    expect(kindOfFile('updates-1.csv', partner)).toBe('updates');
    expect(kindOfFile('leads-1.csv', partner)).toBe('leads');
  });

  it('takes every other character of a pattern as it stands', () => {
    const partner = aPartner({ files: { mixed: null, leads: { match: 'a+(b).csv' }, updates: null } });
    expect(kindOfFile('a+(b).csv', partner)).toBe('leads');
    expect(kindOfFile('aab.csv', partner)).toBeNull();
  });

  it('matches names that a Mac has decomposed', () => {
    const partner = aPartner({ files: { mixed: null, leads: { match: 'campaña*.csv' }, updates: null } });
    expect(kindOfFile('campan\u0303a 1.csv', partner)).toBe('leads');
  });
});

describe('a partner with mixed files', () => {
  const crm = aPartner({ files: { leads: { match: '*.csv' }, updates: null, mixed: { match: 'crm*.csv' } } });

  it('has them told apart by the pattern with more letters', () => {
    expect(['crm-1.csv', 'leads.csv', 'crm.txt'].map((name) => kindOfFile(name, crm))).toEqual([
      'mixed',
      'leads',
      null,
    ]);
    expect(patternsOf(crm)).toEqual(['*.csv', 'crm*.csv']);
  });

  it('sends nothing else where that is its only pattern', () => {
    const only = aPartner({ files: { leads: null, updates: null, mixed: { match: '*.csv' } } });
    expect([kindOfFile('a.csv', only), kindOfFile('a.tsv', only)]).toEqual(['mixed', null]);
  });
});

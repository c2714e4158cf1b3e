import { describe, expect, it } from 'vitest';
import { columnsOfListing, readListedLead } from '../../src/domain/listing.ts';

const columns = columnsOfListing(['Lead-ID', 'partnerLeadId', 'requestId', 'createdAt']);
const read = (...cells: string[]) => (columns === null ? null : readListedLead(cells, columns));

describe('the columns of a listing', () => {
  it('are found in any case and order, with others between them', () => {
    expect(columnsOfListing(['x', 'PARTNER LEAD ID', 'leadid', 'Ramo'])).toMatchObject({
      partnerLeadId: 1,
      leadId: 2,
      ramo: 3,
      requestId: -1,
    });
  });

  it.each([[['leadId', 'name']], [['partnerLeadId', 'name']], [[]]])('are not those of a listing: %j', (header) => {
    expect(columnsOfListing(header)).toBeNull();
  });
});

describe('a line of a listing', () => {
  it('is read out of what keeps spreadsheets from running it', () => {
    expect(read('L-1', "'=1+1", 'ABC')).toMatchObject({ leadId: 'L-1', partnerLeadId: '=1+1', requestId: 'abc' });
    expect(read('L-1', "''=x")).toMatchObject({ partnerLeadId: "'=x" });
    expect(read('="0012"', ' CRM-1 ')).toMatchObject({ leadId: '0012', partnerLeadId: 'CRM-1' });
  });

  it.each([
    ['no leadId', ['', 'CRM-1']],
    ['no id of ours', ['L-1', '']],
    ['a rounded id', ['L-1', '1,23457E+16']],
    ['a rounded leadId', ['12345678901234500000', 'CRM-1']],
    ['a leadId that is a sentence', ['not one of ours', 'CRM-1']],
  ])('tells of nobody with %s', (_what, cells) => {
    expect(read(...cells)).toBeNull();
  });

  it('tells when it was created only where it says in which zone', () => {
    expect(read('L-1', 'A', '', '2026-06-01T10:00:00.000Z')?.createdAt).toEqual(new Date('2026-06-01T10:00:00Z'));
    expect(read('L-1', 'A', '', '2026-06-01 12:00:00+02:00')?.createdAt).toEqual(new Date('2026-06-01T10:00:00Z'));
    expect(read('L-1', 'A', '', '01/06/2026 12:00')?.createdAt).toBeNull();
    expect(read('L-1', 'A', '', '2026-06-01T10:00:00')?.createdAt).toBeNull();
  });
});

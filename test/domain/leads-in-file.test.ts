import { expect, it } from 'vitest';
import { createLeadsInFile } from '../../src/domain/leads-in-file.ts';

const lead = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

it('answers the first row of a lead, and whether it said the same', () => {
  const leads = createLeadsInFile();
  expect(leads.hold(lead(1), lead(7), 2)).toBeNull();
  expect(leads.hold(lead(2), null, 3)).toBeNull();
  expect(leads.hold(lead(1), lead(7), 4)).toEqual({ rowNumber: 2, sameContent: true });
  expect(leads.hold(lead(1), lead(8), 5)).toEqual({ rowNumber: 2, sameContent: false });
  expect(leads.hold(lead(2), null, 6)).toEqual({ rowNumber: 3, sameContent: true });
});

it('tells leads apart whose hashes are alike but for their last known bits', () => {
  const leads = createLeadsInFile();
  expect(leads.hold('00000000-0000-1000-8000-000000000000', null, 2)).toBeNull();
  expect(leads.hold('00000000-0000-2000-8000-000000000000', null, 3)).toBeNull();
});

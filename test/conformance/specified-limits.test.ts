import { describe, expect, test } from 'vitest';
import { contracts } from '../../src/contract/index.ts';
import { clientSide, departures, sandboxSide, specifiedLimits } from './specified-limits.ts';

const contract = contracts['1.2.5'];
const sides = [
  ['the client', clientSide(contract.leadFields)],
  ['the sandbox', sandboxSide(contract)],
] as const;

// test/e2e/extending.test.ts changes a limit in the one place where it stands, and sees both of these fail.
describe.each(sides)('%s', (_name, side) => {
  test.each(Object.entries(specifiedLimits))('lets %s through up to the specified limit %j and no further', (name) => {
    expect(departures(side, name)).toEqual([]);
  });
});

test('every field with a limit is looked at', () => {
  const limited = contract.leadFields.filter((field) => field.maxLength !== null).map((field) => field.name);
  expect(Object.keys(specifiedLimits).filter((name) => specifiedLimits[name] !== null)).toEqual(limited);
});

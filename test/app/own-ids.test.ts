import { expect, it } from 'vitest';
import { idempotencyKeyOf, ownIdOf, rowIdOf } from '../../src/app/own-ids.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';

const ledger = { ledgerId: '1f2e3d4c-0000-4000-8000-000000000000' };
const other = { ledgerId: 'ffffffff-0000-4000-8000-000000000000' };
const row = (replays: number) => ({ id: '42', replays }) as LedgerRow;

it('names a row so that no other ledger names one of its own alike', () => {
  expect(ownIdOf(ledger, { id: '42' })).toBe('ls-1f2e3d4c-42');
  expect(ownIdOf(other, { id: '42' })).not.toBe(ownIdOf(ledger, { id: '42' }));
  // The contract takes 45 characters, and row ids have at most 19 digits.
  expect(ownIdOf(ledger, { id: '9'.repeat(19) }).length).toBeLessThanOrEqual(45);
});

it('finds the row by its name, with or without the ledger, and none by another ledger’s', () => {
  expect(rowIdOf(ledger, 'ls-1f2e3d4c-42')).toBe('42');
  expect(rowIdOf(ledger, 'LS-1F2E3D4C-42')).toBe('42');
  expect(rowIdOf(ledger, 'ls-42')).toBe('42');
  expect(rowIdOf(other, 'ls-1f2e3d4c-42')).toBeNull();
  expect(rowIdOf(ledger, 'HS-42')).toBeNull();
});

it('keeps its Idempotency-Key until a replay', () => {
  expect(idempotencyKeyOf(ledger, row(0))).toBe('ls-1f2e3d4c-42');
  expect(idempotencyKeyOf(ledger, row(2))).toBe('ls-1f2e3d4c-42-2');
});

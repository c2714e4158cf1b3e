import { describe, expect, it } from 'vitest';
import type { PersonKey } from '../../src/domain/person-key.ts';
import { erasureBy, type Suppressed } from '../../src/domain/suppression.ts';

const nif = (value: string): PersonKey => ({ kind: 'nif', value });
const phone: PersonKey = { kind: 'phone', value: '612345679' };
const email: PersonKey = { kind: 'email', value: 'ana@example.es' };

const listed = (evenWithNif: boolean, ...keys: PersonKey[]) => {
  const entry: Suppressed = { erasure: '7', evenWithNif };
  return (key: PersonKey) => (keys.some((one) => one.value === key.value) ? [entry] : []);
};

describe('erasureBy', () => {
  it.each([
    ['a NIF of the list', [nif('87654321X')], '7'],
    ['a phone of the list without a NIF', [phone], '7'],
    ['an e-mail of the list without a NIF', [email], '7'],
    ["a phone of the list with somebody else's NIF", [nif('00000001R'), phone], null],
    ['nothing of the list', [nif('00000001R'), { kind: 'phone', value: '600000001' }], null],
    ['nobody', [], null],
  ] as const)('%s', (_, keys, erasure) => {
    expect(erasureBy(keys, listed(false, nif('87654321X'), phone, email))).toBe(erasure);
  });

  it('looks up the NIF alone where nobody is on the list without one', () => {
    const looked: string[] = [];
    const lookUp = (key: PersonKey) => {
      looked.push(key.kind);
      return [];
    };
    expect(erasureBy([nif('00000001R'), phone, email], lookUp, false)).toBeNull();
    expect(erasureBy([phone, email], lookUp, false)).toBeNull();
    expect(looked).toEqual(['nif', 'phone', 'email']);
  });

  it('takes a phone for theirs beside any NIF where their own was never known', () => {
    expect(erasureBy([nif('00000001R'), phone], listed(true, phone))).toBe('7');
  });
});

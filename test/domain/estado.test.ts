import { expect, it } from 'vitest';
import { isFinalEstado } from '../../src/domain/estado.ts';

it('takes GAM closure, and nothing else, for the end', () => {
  expect(['20', '5', '2', '020', ''].map((estado) => isFinalEstado(estado))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

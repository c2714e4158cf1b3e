import { expect, test } from 'vitest';
import { foresee } from '../../../src/adapters/leads-api/foreseen-message.ts';
import type { RecognisedBody } from '../../../src/domain/call-outcome.ts';

const ko = { final: ['DNI incorrecto'], retry: ['fuera de servicio', 'dni'] };
const incomplete: RecognisedBody<never> = { kind: 'incomplete', mismatch: false };

test.each([[{ kind: 'ko', message: null }], [{ kind: 'refusal', message: null }], [incomplete]] as const)(
  'reads the message beside %j',
  (recognised) => {
    expect(foresee(recognised, { message: 'ERROR: dni INCORRECTO (4)' }, ko)).toEqual({
      kind: 'foreseen',
      verdict: 'final',
      message: 'ERROR: dni INCORRECTO (4)',
    });
    expect(foresee(recognised, { message: 'Fuera de servicio' }, ko)).toMatchObject({ verdict: 'retry' });
  },
);

test.each([
  [{ kind: 'answer', answer: { leadId: '1' } }],
  [{ kind: 'incomplete', mismatch: true }],
  [{ kind: 'unrecognised' }],
  [{ kind: 'gateway', errorcode: 'x' }],
] as const)('leaves %j as it is', (recognised) => {
  expect(foresee(recognised, { message: 'DNI incorrecto' }, ko)).toBe(recognised);
});

test.each([{ message: 'otra cosa' }, { message: 5 }, {}, null, undefined, 'DNI incorrecto'])(
  'has no verdict on %j',
  (body) => {
    expect(foresee(incomplete, body, ko)).toBe(incomplete);
  },
);

test('has no verdict where nothing is configured', () => {
  expect(foresee(incomplete, { message: 'DNI incorrecto' }, { final: [], retry: [] })).toBe(incomplete);
});

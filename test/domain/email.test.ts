import { describe, expect, it } from 'vitest';
import { readEmail } from '../../src/domain/email.ts';

describe('readEmail', () => {
  it.each([
    ['Ana.Perez@Example.ORG', 'ana.perez@example.org'],
    ['mailto:ana+web@mail.example.es', 'ana+web@mail.example.es'],
    ['peña@correo.españa.es', 'peña@correo.españa.es'],
  ])('reads %j', (text, email) => {
    expect(readEmail(text)).toEqual({ kind: 'email', email });
  });

  it.each([
    '',
    'ana',
    'ana@',
    '@example.org',
    'ana@example',
    'a..b@example.org',
    'a@b.es; c@d.es',
    'a b@example.org',
    'ana@-x.es',
    'ana@x.1',
  ])('rejects %j', (text) => {
    expect(readEmail(text)).toEqual({ kind: 'problem' });
  });
});

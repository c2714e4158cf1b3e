import { expect, test } from 'vitest';
import { z } from 'zod';
import { altaLead } from '../../src/contract/leads-1.2.5/alta-lead.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import { contracts } from '../../src/contract/index.ts';
import type { FieldRule } from '../../src/domain/lead.ts';

const smallest = { acceptTerms: true, agenteId: '0051245', motivoLlamada: '1', name: 'Ana Pérez', phone: '600000001' };

const wrong = (body: Record<string, unknown>) => {
  const { error } = altaLead.request.safeParse(body);
  return error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];
};

test('lists the 21 fields of the specification, and the required ones', () => {
  expect(leadFields).toHaveLength(21);
  expect(leadFields.filter((field) => field.required).map((field) => field.name)).toEqual([
    'acceptTerms',
    'agenteId',
    'motivoLlamada',
    'name',
    'phone',
  ]);
});

test('states the limits of the specification', () => {
  const limits = Object.fromEntries(
    leadFields.filter((field) => field.maxLength !== null).map((field) => [field.name, field.maxLength]),
  );
  expect(limits).toEqual({
    leadOrigin: 25,
    partnerLeadId: 45,
    parametersURL: 999,
    partner: 255,
    trafficSource: 255,
    campaign: 255,
    agenteId: 7,
    email: 50,
    name: 50,
    origen: 20,
    refExt: 20,
    tresAgentes: 0,
  });
});

test('is a list of rules for rows', () => {
  const rules: readonly FieldRule[] = contracts['1.2.5'].leadFields;
  expect(rules.filter((rule) => rule.steering).map((rule) => rule.name)).toEqual([
    'partnerLeadId',
    'agenteId',
    'canal',
    'dni',
    'motivoLlamada',
    'ramo',
  ]);
});

test('accepts the smallest lead there is', () => {
  expect(altaLead.request.parse(smallest)).toEqual(smallest);
});

test('names every required field that is missing or empty', () => {
  expect(wrong({ name: '' })).toEqual([
    'acceptTerms is required',
    'agenteId is required',
    'motivoLlamada is required',
    'name is required',
    'phone is required',
  ]);
});

test.each(leadFields.filter((field) => (field.maxLength ?? 0) > 7).map((field) => [field.name, field.maxLength ?? 0]))(
  'takes %s up to %d characters and no more',
  (name, maxLength) => {
    // A letter outside the basic plane counts as one character though JavaScript counts two.
    expect(wrong({ ...smallest, [name]: '𝒶'.repeat(maxLength) })).toEqual([]);
    expect(wrong({ ...smallest, [name]: 'a'.repeat(maxLength + 1) })).toEqual([
      `${name} is longer than ${maxLength} characters`,
    ]);
  },
);

test.each([
  ['agenteId', '51245'],
  ['agenteId', 51_245],
  ['motivoLlamada', '3'],
  ['ramo', 'coche'],
  ['tresAgentes', 'x'],
  ['acceptTerms', 'perhaps'],
  ['name', 7],
])('refuses %s = %s', (name, value) => {
  expect(wrong({ ...smallest, [name]: value })[0]).toMatch(new RegExp(`^${name} `));
});

test('says one thing of each field that is wrong, in words', () => {
  expect(wrong({ ...smallest, agenteId: '51245', ramo: 'coche', campaign: null, motivoLlamada: '3' })).toEqual([
    'campaign must be text',
    'agenteId must be 7 digits',
    'motivoLlamada must be one of 1, 2',
    'ramo must be digits',
  ]);
  expect(wrong({ ...smallest, agenteId: '' })).toEqual(['agenteId is required']);
  expect(wrong({ ...smallest, agenteId: '12345678' })).toEqual(['agenteId is longer than 7 characters']);
});

test('takes blanks for nothing: a required field refuses them, an optional one takes an empty text', () => {
  expect(wrong({ ...smallest, name: '   ' })).toEqual(['name is required']);
  expect(wrong({ ...smallest, ramo: '', campaign: '' })).toEqual([]);
});

test('counts and keeps composed characters', () => {
  const name = 'ñ'.repeat(50).normalize('NFD');
  expect(name).toHaveLength(100);
  expect(altaLead.request.parse({ ...smallest, name })).toMatchObject({ name: 'ñ'.repeat(50) });
  expect(wrong({ ...smallest, name: `${name}a` })).toEqual(['name is longer than 50 characters']);
});

test.each(['a\0b', '\ud800', 'x\udc00'])('refuses %j, which no database can hold', (text) => {
  expect(wrong({ ...smallest, campaign: text })[0]).toMatch(/^campaign has a character that is none/);
});

test('takes the text of a form body for a boolean', () => {
  expect(altaLead.request.parse({ ...smallest, acceptTerms: 'false' })).toMatchObject({ acceptTerms: false });
});

test('becomes JSON Schema with limits and descriptions', () => {
  const schema = z.toJSONSchema(altaLead.request, { io: 'input' });
  expect(schema.required).toEqual(['acceptTerms', 'agenteId', 'motivoLlamada', 'name', 'phone']);
  expect(schema.properties?.['email']).toMatchObject({ type: 'string', maxLength: 50 });
  expect(schema.properties?.['phone']).toHaveProperty('description');
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { partnerJsonSchema } from '../../src/config/partner-json-schema.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';

const published = join(import.meta.dirname, '../../docs/partner.schema.json');
const examples = join(import.meta.dirname, '../../fixtures/partners');

/** As an editor sees it: 0051245 is a number and true a boolean. */
const editor = z.fromJSONSchema(JSON.parse(JSON.stringify(partnerJsonSchema(leadFields))));
const accepts = (yaml: string): boolean => editor.safeParse(parse(yaml)).success;

describe('docs/partner.schema.json', () => {
  it('is what the code makes of the schema (with -u it is written)', async () => {
    await expect(`${JSON.stringify(partnerJsonSchema(leadFields), null, 2)}\n`).toMatchFileSnapshot(published);
  });

  it.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))('accepts the example %s', (name) => {
    const yaml = readFileSync(join(examples, name), 'utf8');
    expect(yaml).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/docs\/partner\.schema\.json\n/);
    expect(editor.safeParse(parse(yaml))).toMatchObject({ success: true });
  });

  it.each([
    'agent: { default: 0051245 }',
    'consent: { accepted: [yes, true, 1], refused: [no, false, 0] }',
    'columns: { dni: NIF, phone: [1], name: { join: [Nombre, Apellidos] } }',
    'limits: { maxRows: 10, maxBytes: 1024, checksPerDay: "5" }',
    'results: { echo: true, language: en }',
    'codes: { ramo: { Coche: 1 } }',
    'schedule:',
  ])('takes scalars as they may be written: %s', (yaml) => {
    expect(accepts(`partner: acme\n${yaml}`)).toBe(true);
  });

  it.each([
    'colums: {}',
    'columns: { nif: [NIF] }',
    'columns: { phone: [] }',
    'tooLong: cut',
    'defaults: { dni: 12345678Z }',
    'codes: { acceptTerms: { ok: "true" } }',
    'limits: { maxRows: many }',
    'results: { echo: maybe }',
    'files: { leads: { match: "a/b.csv" } }',
    'expect: [{ kind: leads }]',
  ])('refuses %s', (yaml) => {
    expect(accepts(`partner: acme\n${yaml}`)).toBe(false);
  });

  it('describes every key and states the defaults', () => {
    const nodes = keysOf(partnerJsonSchema(leadFields) as Schema, []);
    expect(nodes.filter(([, node]) => node.description === undefined).map(([path]) => path)).toEqual([]);
    const defaults = Object.fromEntries(
      nodes.filter(([, node]) => node.default !== undefined).map(([path, node]) => [path, node.default]),
    );
    expect(defaults).toMatchObject({
      tooLong: 'reject',
      'consent.accepted': ['si', 's', 'yes', 'y', 'true', 'verdadero', '1'],
      'limits.maxBytes': '512MB',
      'limits.maxRows': 1_000_000,
      'results.echo': false,
    });
  });

  it('knows the fields that it is given', () => {
    const more = [...leadFields, { name: 'madeUp', description: 'Not in the specification.' }];
    const schema = JSON.stringify(partnerJsonSchema(more));
    expect(schema.match(/"madeUp"/g)?.length).toBe(4);
  });
});

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function keysOf(schema: Schema, path: readonly string[]): [string, Schema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, node]) => [
    [[...path, key].join('.'), node] as [string, Schema],
    ...keysOf(node, [...path, key]),
  ]);
  const inner = [schema.items, ...(schema.anyOf ?? [])].flatMap((node) =>
    node === undefined ? [] : keysOf(node, path),
  );
  return [...own, ...inner];
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { partnerJsonSchema } from '../../src/config/partner-json-schema.ts';
import { parsePartner } from '../../src/config/partner-yaml.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import { everydayWords, firstNames, lastNames, usualHeaders } from '../../src/domain/header-aliases.ts';

const path = join(import.meta.dirname, '../../docs/partners.md');
const text = readFileSync(path, 'utf8');
const begin =
  '<!-- generated from src/domain/header-aliases.ts: npx vitest run --config test/vitest.config.ts test/config/partner-documentation.test.ts -u -->';
const end = '<!-- end -->';

const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) =>
  yaml.includes('partner: acme\n') ? yaml : `partner: acme\n${yaml}`,
);

const schema = JSON.parse(JSON.stringify(partnerJsonSchema(leadFields))) as Schema;

describe('docs/partners.md', () => {
  it('says which headers are known, as the code has them (with -u it is written)', async () => {
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    expect(after).toBeDefined();
    await expect(`${before}${begin}\n${headers()}\n${end}${after}`).toMatchFileSnapshot(path);
  });

  it('has examples that are valid, here and in an editor', () => {
    const editor = z.fromJSONSchema(schema as z.core.JSONSchema.BaseSchema);
    expect(examples.length).toBeGreaterThan(15);
    for (const yaml of examples) {
      expect(parsePartner('acme', yaml, () => '08014;0051245', { leadFields }).id).toBe('acme');
      expect(editor.safeParse(parse(yaml)), yaml).toMatchObject({ success: true });
    }
  });

  it('shows every key of the schema in an example', () => {
    const shown = new Set(examples.flatMap((yaml) => pathsOf(parse(yaml))));
    expect(keysOf(schema, []).filter((key) => !shown.has(key))).toEqual([]);
  });

  it('has a heading for every key at the top', () => {
    const headings = text.match(/^### .*$/gm)?.flatMap((line) => line.slice(4).split(', ')) ?? [];
    expect(headings.toSorted()).toEqual(Object.keys(schema.properties ?? {}).toSorted());
  });
});

function headers(): string {
  const lines = Object.entries(usualHeaders).map(([field, names]) => `- \`${field}\`: ${names.map(code).join(', ')}`);
  return [
    '',
    ...lines,
    `- \`name\`, in two columns that are joined: ${firstNames.map(code).join(', ')} and ${lastNames.map(code).join(', ')}`,
    '',
    `Not by their own name: ${[...everydayWords].map(code).join(', ')}, which are everyday words of a CRM.`,
    '',
  ].join('\n');
}

function code(name: string): string {
  return `\`${name}\``;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Dotted. The fields under `columns`, `defaults` and `codes` are the contract's and not keys of their own. */
function keysOf(node: Schema, at: readonly string[]): string[] {
  if (['columns', 'defaults', 'codes'].includes(at.join('.'))) return [];
  const inner = [node.items, ...(node.anyOf ?? [])].flatMap((one) => (one === undefined ? [] : keysOf(one, at)));
  const own = Object.entries(node.properties ?? {}).flatMap(([key, value]) => [
    [...at, key].join('.'),
    ...keysOf(value, [...at, key]),
  ]);
  return [...own, ...inner];
}

function pathsOf(value: unknown, at: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, at));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [[...at, key].join('.'), ...pathsOf(part, [...at, key])]);
}

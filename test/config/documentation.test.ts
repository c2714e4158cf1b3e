import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variableSchemas } from '../../src/config/variable-schemas.ts';
import { type Variable, variables } from '../../src/config/variables.ts';

const path = join(import.meta.dirname, '../../docs/configuration.md');
const begin =
  '<!-- generated from src/config/variables.ts: npx vitest run --config test/vitest.config.ts test/config/documentation.test.ts -u -->';
const end = '<!-- end -->';

/** The part of docs/configuration.md that is made from the variables. */
function reference(): string {
  const groups = Map.groupBy(variables as readonly Variable[], ({ group }) => group);
  return [...groups].map(([group, members]) => `\n### ${group}\n\n${members.map(entry).join('\n')}\n`).join('');
}

function entry({ name, doc, default: value, defaultsTo, secret }: Variable): string {
  const isSecret = secret === true ? ' Secret.' : '';
  return `- \`${name}\`: ${doc}${isSecret} Defaults to ${value === undefined ? defaultsTo : `\`${value}\``}.`;
}

describe('docs/configuration.md', () => {
  it('says of every variable what the code says, and of no other', async () => {
    const text = readFileSync(path, 'utf8');
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    expect(after).toBeDefined();
    await expect(`${before}${begin}\n${reference()}\n${end}${after}`).toMatchFileSnapshot(path);
  });

  it('names only variables that exist', () => {
    const known: ReadonlySet<string> = new Set(
      variables.flatMap(({ name }) => [name, `${name}_FILE`]).concat('NODE_TLS_REJECT_UNAUTHORIZED'),
    );
    const named =
      readFileSync(path, 'utf8').match(/`(LEADSYNC|LEADS_API|CONSOLE|SMTP|OTEL|DATABASE|REDIS|LOG|NODE)_\w+/g) ?? [];
    expect(named.map((name) => name.slice(1)).filter((name) => !known.has(name))).toEqual([]);
  });

  it('states a default of every variable, one that can be read', () => {
    for (const variable of variables as readonly Variable[]) {
      expect([variable.name, (variable.default ?? variable.defaultsTo) !== undefined]).toEqual([variable.name, true]);
    }
    for (const variable of variables) {
      if ('default' in variable) expect(variableSchemas[variable.name].safeParse(variable.default).success).toBe(true);
    }
  });
});

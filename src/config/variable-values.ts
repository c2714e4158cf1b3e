import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { readPrivateFile } from './private-file.ts';
import { type SettingFaults, shown } from './setting-faults.ts';
import { variableSchemas } from './variable-schemas.ts';
import { type Variable, type VariableName, variables } from './variables.ts';

type Entry<N extends VariableName> = Extract<(typeof variables)[number], { name: N }>;
type Output<N extends VariableName> = z.output<(typeof variableSchemas)[N]>;

/** Every variable, read and parsed. Undefined: not set, and without a default. */
export type VariableValues = {
  readonly [N in VariableName]: Entry<N> extends { default: string } ? Output<N> : Output<N> | undefined;
};

/** Texts by variable. An empty text means not set, and hides what a later source says. */
export type Source = Readonly<Record<string, string | undefined>>;

/** Parses every variable from the first source that names it. A faulty value stands for its default, for later checks. */
export function parseVariables(sources: readonly Source[], faults: SettingFaults): VariableValues {
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const variable of variables) {
    const text = textOf(variable, sources, faults);
    values[variable.name] = parse(variable, text, faults);
  }
  return values as VariableValues;
}

function parse(variable: Variable & { name: VariableName }, text: string | undefined, faults: SettingFaults): unknown {
  const schema: z.ZodType = variableSchemas[variable.name];
  const fallback = variable.default === undefined ? undefined : schema.parse(variable.default);
  if (text === undefined) return fallback;
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  faults.add(variable.name, schema.description ?? 'a text', shown(text, variable.secret === true));
  return fallback;
}

function textOf(variable: Variable, sources: readonly Source[], faults: SettingFaults): string | undefined {
  const { name } = variable;
  const fileName = `${name}_FILE`;
  for (const source of sources) {
    const direct = source[name];
    const path = variable.secret === true ? source[fileName] : undefined;
    if (direct === undefined && path === undefined) continue;
    if (!direct && !path) return undefined;
    if (!path) return direct;
    if (direct) faults.add(fileName, `either it or ${name}`, 'both');
    return readSecretFile(fileName, path, faults);
  }
  return undefined;
}

// Its mode is not looked at: container platforms mount secrets 0444 in a place of the container's own.
function readSecretFile(fileName: string, path: string, faults: SettingFaults): string | undefined {
  const expected = 'the absolute path of a file that can be read';
  if (!isAbsolute(path)) {
    faults.add(fileName, expected, shown(path, false));
    return undefined;
  }
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') faults.add(fileName, 'a file that holds the value', `an empty file, ${path}`);
    return text === '' ? undefined : text;
  } catch (error) {
    faults.add(fileName, expected, `${(error as NodeJS.ErrnoException).code ?? 'an error'} for ${path}`);
    return undefined;
  }
}

/** Tells one state of the settings from another. Of secrets it only says whether they are set: a hash can be guessed at. */
export function versionOf(values: VariableValues): string {
  const said = (variables as readonly (Variable & { name: VariableName })[]).map(({ name, secret }) => {
    const value = values[name];
    return [name, secret === true ? value !== undefined : (value ?? null)];
  });
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/** `<home>/.env`. Absent: nothing is set there. */
export function readEnvFile(home: string, faults: SettingFaults): Source {
  const path = join(home, '.env');
  const file = readPrivateFile(path);
  if (file.kind === 'refused') faults.add(path, 'a file that only its owner can read', file.got);
  if (file.kind !== 'read') return {};
  const source = parseEnv(file.text);
  if (source['LEADSYNC_HOME'] !== undefined) {
    faults.add('LEADSYNC_HOME', 'not to stand in the env file, which lies in it', path);
  }
  // The file is ours alone, so a name that we don't know is a slip of the pen.
  for (const name of unknownNames(source)) faults.add(name, 'a variable of leadsync', `an unknown name in ${path}`);
  return source;
}

const known: ReadonlySet<string> = new Set(
  (variables as readonly Variable[]).flatMap(({ name, secret }) => (secret === true ? [name, `${name}_FILE`] : [name])),
);

/** Names that look like ours and are none. */
export function unknownNames(source: Source): readonly string[] {
  return Object.keys(source).filter((name) => /^(LEADSYNC|LEADS_API)_/.test(name) && !known.has(name));
}

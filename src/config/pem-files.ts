import { readFileSync } from 'node:fs';
import type { SettingFaults } from './setting-faults.ts';
import type { VariableName } from './variables.ts';
import type { VariableValues } from './variable-values.ts';

type PemVariable = Extract<VariableName, `${string}_TLS_${string}`>;

/** A certificate and its key, of which one is of no use without the other. Absent where neither is given. */
export function readKeyPair(
  names: { readonly cert: PemVariable; readonly key: PemVariable },
  values: VariableValues,
  faults: SettingFaults,
): { readonly cert?: string; readonly key?: string } {
  const cert = readPem(names.cert, values, faults);
  const key = readPem(names.key, values, faults);
  if (cert !== undefined && key === undefined) faults.add(names.key, `the key of ${names.cert}`, 'nothing');
  if (key !== undefined && cert === undefined) faults.add(names.cert, `the certificate of ${names.key}`, 'nothing');
  return { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

/** The content of the file that a variable names. Undefined where it is not set, or is no PEM file. */
export function readPem(name: PemVariable, values: VariableValues, faults: SettingFaults): string | undefined {
  const path = values[name];
  if (path === undefined) return undefined;
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
    faults.add(name, 'a PEM file', `a file without -----BEGIN, ${path}`);
  } catch (error) {
    faults.add(name, 'a file that can be read', `${(error as NodeJS.ErrnoException).code ?? 'an error'} for ${path}`);
  }
  return undefined;
}

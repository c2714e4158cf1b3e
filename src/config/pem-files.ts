import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
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
  if (cert !== undefined && key !== undefined) checkPair(names, { cert, key }, faults);
  return { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

/** Here and not at the first call, where it would look like a server that is away. */
function checkPair(
  names: { readonly cert: PemVariable; readonly key: PemVariable },
  pair: { readonly cert: string; readonly key: string },
  faults: SettingFaults,
): void {
  try {
    createSecureContext(pair);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' || code === 'ERR_OSSL_X509_KEY_TYPE_MISMATCH')
      faults.add(names.key, `the key of ${names.cert}`, 'the key of another certificate');
    else if (pair.key.includes('ENCRYPTED')) faults.add(names.key, 'a key without a passphrase', 'an encrypted one');
    else faults.add(names.key, `a key and, in ${names.cert}, its certificate`, `${code}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an error';
}

/** The content of the file that a variable names. Undefined where it is not set, or is no PEM file. */
export function readPem(name: PemVariable, values: VariableValues, faults: SettingFaults): string | undefined {
  const path = values[name];
  if (path === undefined) return undefined;
  try {
    const text = readFileSync(path, 'utf8');
    if (!text.includes('-----BEGIN ')) faults.add(name, 'a PEM file', `a file without -----BEGIN, ${path}`);
    else if (!name.endsWith('_KEY') && !isCertificate(text))
      faults.add(name, 'a PEM file with a certificate', `a file with none that can be read, ${path}`);
    else return text;
  } catch (error) {
    faults.add(name, 'a file that can be read', `${codeOf(error)} for ${path}`);
  }
  return undefined;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}

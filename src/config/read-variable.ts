import { readFileSync } from 'node:fs';
import { variables, type Variable, type VariableName } from './variables.ts';

/** Reads variables one by one and keeps every fault, so that a person mends them all in one go. */
export interface Reader {
  text(name: VariableName): string | null;
  /** Null where it is not given or not one of the protocols. */
  url(name: VariableName, protocols: readonly string[]): string | null;
  wholeNumber(name: VariableName, fallback: number, range?: { readonly min: number }): number;
  decimal(name: VariableName, fallback: number): number;
  oneOf<T extends string>(name: VariableName, values: readonly T[], fallback: T): T;
  base64(name: VariableName, bytes: number): Uint8Array | null;
  timeZone(name: VariableName, fallback: string): string;
  /** A JSON object of texts; empty where it is not given. */
  texts(name: VariableName): Readonly<Record<string, string>>;
  /** The contents of the file that the variable names. */
  fileAt(name: VariableName): string | undefined;
  fault(name: string, expected: string, found: string): void;
  hasFault(name: string): boolean;
  faults(): readonly string[];
}

export function createReader(values: Readonly<Record<string, string | undefined>>): Reader {
  const faults = new Map<string, string>();
  const fault = (name: string, expected: string, found: string): void => {
    faults.set(name, `${name}: expected ${expected}, found ${found}`);
  };

  function text(name: VariableName): string | null {
    const direct = values[name];
    if (direct !== undefined && direct !== '') return direct;
    const path = values[`${name}_FILE`];
    if (!isSecret(name) || path === undefined || path === '') return null;
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      fault(`${name}_FILE`, 'a readable file', path);
      return null;
    }
  }

  const shown = (name: VariableName, value: string): string =>
    isSecret(name) ? `a value of ${value.length} characters` : `"${value}"`;

  function number(name: VariableName, fallback: number, isGood: (value: number) => boolean, expected: string): number {
    const value = text(name);
    if (value === null) return fallback;
    const parsed = Number(value);
    if (value.trim() !== '' && Number.isFinite(parsed) && isGood(parsed)) return parsed;
    fault(name, expected, shown(name, value));
    return fallback;
  }

  return {
    text,
    fault,
    hasFault: (name) => faults.has(name) || faults.has(`${name}_FILE`),
    faults: () => [...faults.values()],
    url(name, protocols) {
      const value = text(name);
      if (value === null) return null;
      if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
      fault(name, `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`, shown(name, value));
      return null;
    },
    wholeNumber: (name, fallback, { min } = { min: 0 }) =>
      number(name, fallback, (value) => Number.isInteger(value) && value >= min, `a whole number from ${min}`),
    decimal: (name, fallback) => number(name, fallback, (value) => value > 0, 'a number above 0'),
    oneOf(name, allowed, fallback) {
      const value = text(name);
      if (value === null) return fallback;
      const found = allowed.find((one) => one === value);
      if (found === undefined) fault(name, allowed.join(', '), shown(name, value));
      return found ?? fallback;
    },
    base64(name, bytes) {
      const value = text(name);
      if (value === null) return null;
      const decoded = Buffer.from(value, 'base64');
      if (decoded.length === bytes) return new Uint8Array(decoded);
      fault(name, `${bytes} bytes in base64`, `${decoded.length} bytes`);
      return null;
    },
    timeZone(name, fallback) {
      const value = text(name) ?? fallback;
      if (Intl.supportedValuesOf('timeZone').includes(value) || value === 'UTC') return value;
      fault(name, 'a time zone such as Europe/Madrid', shown(name, value));
      return fallback;
    },
    texts(name) {
      const value = text(name);
      if (value === null) return {};
      const parsed = parseJson(value);
      if (isTexts(parsed)) return parsed;
      fault(name, 'a JSON object of texts', shown(name, value));
      return {};
    },
    fileAt(name) {
      const path = text(name);
      if (path === null) return undefined;
      try {
        return readFileSync(path, 'utf8');
      } catch {
        fault(name, 'a readable file', `"${path}"`);
        return undefined;
      }
    },
  };
}

function isSecret(name: VariableName): boolean {
  const variable: Variable | undefined = variables.find((known) => known.name === name);
  return variable?.secret === true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === 'string')
  );
}

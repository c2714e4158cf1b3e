import { ConfigFault } from '../domain/config-fault.ts';
import type { FaultCode } from '../domain/faults.ts';

const maxShown = 80;

/** Collects what is wrong with the settings, so that a person sees all of it at once. One line a variable. */
export interface SettingFaults {
  /** `code` is CONFIG_INVALID unless said otherwise. */
  add(variable: string, expected: string, got: string, code?: FaultCode): void;
  /** Throws one fault with every line, if there is one: of their code where they have the same, else CONFIG_INVALID. */
  throwIfAny(): void;
}

export function createSettingFaults(): SettingFaults {
  const found = new Map<string, { readonly line: string; readonly code: FaultCode }>();
  return {
    add(variable, expected, got, code = 'CONFIG_INVALID') {
      // The first fault of a variable is the cause; later ones follow from it.
      if (!found.has(variable)) found.set(variable, { line: `${variable}: expected ${expected}, got ${got}`, code });
    },
    throwIfAny() {
      const [first, ...others] = found.values();
      if (first === undefined) return;
      if (others.every(({ code }) => code === first.code))
        throw new ConfigFault(first.code, [first, ...others].map(({ line }) => line).join('\n'));
      const lines = [first, ...others].map(({ line, code }) =>
        code === 'CONFIG_INVALID' ? line : `${line} (${code})`,
      );
      throw new ConfigFault('CONFIG_INVALID', lines.join('\n'));
    },
  };
}

/** How a fault shows what it found. Secrets, and URLs that may hold one, by their length alone. */
export function shown(value: string | undefined, isSecret: boolean): string {
  if (value === undefined) return 'nothing';
  if (isSecret || /:\/\/[^/]*@/.test(value)) return `a value that is set, ${Buffer.byteLength(value)} bytes`;
  return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
}

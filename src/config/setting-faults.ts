import { ConfigFault } from '../domain/config-fault.ts';

const maxShown = 80;

/** Collects what is wrong with the settings, so that a person sees all of it at once. One line a variable. */
export interface SettingFaults {
  add(variable: string, expected: string, got: string): void;
  /** Throws one CONFIG_INVALID with every line, if there is one. */
  throwIfAny(): void;
}

export function createSettingFaults(): SettingFaults {
  const lines = new Map<string, string>();
  return {
    add(variable, expected, got) {
      // The first fault of a variable is the cause; later ones follow from it.
      if (!lines.has(variable)) lines.set(variable, `${variable}: expected ${expected}, got ${got}`);
    },
    throwIfAny() {
      if (lines.size > 0) throw new ConfigFault('CONFIG_INVALID', [...lines.values()].join('\n'));
    },
  };
}

/** How a fault shows what it found. Secrets, and URLs that may hold one, by their length alone. */
export function shown(value: string | undefined, isSecret: boolean): string {
  if (value === undefined) return 'nothing';
  if (isSecret || /:\/\/[^/]*@/.test(value)) return `a value that is set, ${Buffer.byteLength(value)} bytes`;
  return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
}

import type { PersonKey } from './person-key.ts';

/** Why a value is on the suppression list. */
export interface Suppressed {
  readonly erasure: string;
  /** Nobody knows the NIF of the person whose phone or e-mail it is: any that stands beside it may be theirs. */
  readonly evenWithNif: boolean;
}

/**
 * The erasure by which nothing may be sent of whoever has these keys; null where there is none. A NIF says who it is:
 * beside another person's, a phone or an e-mail of the list is a shared one, and is not even looked up where nobody is on the list
 * without a NIF. A look is a keyed hash, the most of what a row costs here.
 */
export function erasureBy(
  keys: readonly PersonKey[],
  lookUp: (key: PersonKey) => readonly Suppressed[],
  isAnyEvenWithNif = true,
): string | null {
  const hasNif = keys.some(({ kind }) => kind === 'nif');
  for (const key of keys) {
    const mayBeShared = key.kind !== 'nif' && hasNif;
    if (mayBeShared && !isAnyEvenWithNif) continue;
    const found = lookUp(key).find(({ evenWithNif }) => !mayBeShared || evenWithNif);
    if (found !== undefined) return found.erasure;
  }
  return null;
}

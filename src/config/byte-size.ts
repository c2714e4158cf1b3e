const units: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

/** `512MB` in bytes, by powers of 1,024; null for anything else. */
export function parseByteSize(text: string): number | null {
  const [, number, unit = ''] = /^(\d{1,9}) ?([KMG]?B)?$/i.exec(text) ?? [];
  const size = units[unit.toUpperCase()];
  return number === undefined || size === undefined ? null : Number(number) * size;
}

import type { MappedColumns } from './map-header.ts';

/** `damaged`: characters are gone, or a formula has failed. `doubtful`: its accents look as if they had been encoded twice (JosÃ©). */
export type TextDamage = 'damaged' | 'doubtful';

/** What UTF-8 becomes that was taken for Windows-1252 or ISO-8859-1 and encoded again. */
export const encodedTwice = /[ÃÂ][\u0080-\u00BF‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]/g;

// The replacement character, a zero byte, and the controls that a wrong decoder makes of € and quotation marks.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const lost = /[\0\u0080-\u009F\uFFFD]/;
// oxlint-disable-next-line no-control-regex -- the same
const suspect = /[\0\u0080-\u009F\uFFFDÃÂ]|^\s*#/;

/** What a spreadsheet writes where a formula has failed, in English and Spanish: on many rows it would be one id. */
const formulaError =
  /^\s*#(?:N\/[AD]|¡?REF!|¡?VALOR!|VALUE!|¿?NOMBRE\?|NAME\?|¡?DIV\/0!|¡?NUM!|¡?NULO!|NULL!|CALC!|SPILL!|¡?DESBORDAMIENTO!)\s*$/i;

const none: Readonly<Record<string, TextDamage>> = {};

/**
 * What happened to the row's texts before they came, by field. Looks at the cells as they were read: a text that is
 * cleaned has lost the traces. A column that is not mapped may hold anything.
 */
export function textDamages(cells: readonly string[], columns: MappedColumns): Readonly<Record<string, TextDamage>> {
  let damages: Record<string, TextDamage> | null = null;
  for (const field in columns) {
    for (const position of columns[field] ?? []) {
      const damage = textDamage(cells[position] ?? '');
      if (damage !== null && damages?.[field] !== 'damaged') (damages ??= {})[field] = damage;
    }
  }
  return damages ?? none;
}

function textDamage(cell: string): TextDamage | null {
  if (!suspect.test(cell)) return null;
  if (formulaError.test(cell)) return 'damaged';
  const rest = cell.replace(encodedTwice, '');
  if (lost.test(rest)) return 'damaged';
  return rest === cell ? null : 'doubtful';
}

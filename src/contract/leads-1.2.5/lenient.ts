/**
 * Lenient reading of answers. The specification names fields and no JSON types, so text, number and boolean are all
 * taken for what they say. Null always means "absent or not readable".
 */
export function readFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const said = readText(value)?.toLowerCase();
  return said === 'true' ? true : said === 'false' ? false : null;
}

/** A text without surrounding white space, or a whole number as its digits. An empty text is absent. */
export function readText(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  if (typeof value !== 'string') return null;
  const trimmed = value.trim();
  return trimmed === '' ? null : trimmed;
}

/** An id that can be quoted back: no white space, and none of the ways in which programs write "nothing". */
export function readId(value: unknown): string | null {
  const id = readText(value);
  return id === null || /\s|\p{Cc}/u.test(id) || /^([+-]?0+|-1|null|nil|none|undefined|nan)$/i.test(id) ? null : id;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

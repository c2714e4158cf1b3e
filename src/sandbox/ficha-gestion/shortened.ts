const SHOWN = 120;

/** The first 120 characters of a value, for a list; the contract limits neither a dni nor a ramo nor an estado. */
export function shortened(value: string): string {
  const characters = [...value];
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join('')}…` : value;
}

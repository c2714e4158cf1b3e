const letters = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** A NIF with its control letter, which is told by the number's remainder by 23. */
export function nifOf(number: number): string {
  return `${String(number).padStart(8, '0')}${letters[number % 23]}`;
}

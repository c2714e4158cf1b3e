import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A partner that sends plain leads files: what it takes to be understood, and nothing more. */
export const plainPartner = (id: string): string => `partner: ${id}
defaults: { motivoLlamada: "1", ramo: "1", partner: Test }
consent: { accepted: ["sí"], refused: ["no"] }
agent: { default: "0051245" }
files: { leads: { match: "leads*.csv" }, updates: { match: "updates*.csv" } }
`;

const letters = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** A synthetic NIF: 99 million and something, which no person has. */
export function nifOf(n: number): string {
  const digits = 99_000_000 + n;
  return `${digits}${letters[digits % 23] ?? ''}`;
}

/** A leads file of `rows` different people with partnerLeadIds `<prefix>1` … */
export function leadsCsv(rows: number, prefix = 'T-'): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const n = index + 1;
    return `${prefix}${n};${nifOf(n)};Persona Inventada;6${String(n).padStart(8, '0')};sí`;
  });
  return ['partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad', ...lines, ''].join('\n');
}

/** Drops a file the way a partner should: a temporary name, then a rename. */
export async function drop(inbox: string, partner: string, name: string, text: string | Uint8Array): Promise<void> {
  const folder = join(inbox, partner);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.part`), text);
  await rename(join(folder, `${name}.part`), join(folder, name));
}

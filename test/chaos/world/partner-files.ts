import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { drop, nifOf, plainPartner } from '../../e2e/leads-file.ts';
import type { Random } from '../../simulation/random.ts';

/** A file as its partner has it: what the checker compares everything with. */
export interface PartnerFile {
  readonly name: string;
  readonly kind: 'leads' | 'updates';
  readonly sha256: string;
  readonly text: string;
  /** Physical lines below the header. */
  readonly lines: readonly PartnerLine[];
}

export interface PartnerLine {
  readonly partnerLeadId: string;
  /** Of an update: which of its lead's it is, from 1. */
  readonly nth: number | null;
}

export const partner = 'acme';
export const partnerConfig = `${plainPartner(partner)}updates: { orderBy: Fecha }\ndrift: "off"\n`;

/** Everything is past its time after a day, but what may be sent again. */
export const forgetfulConfig = `${partnerConfig}archive: { keep: 1d }
retention: { rows: 1d, states: { failed: 3650d, not_managed: 1d, rejected: 1d }, results: 1d }
`;

/** Found anywhere but in the partner's own files and the result files, it is a leak. The shapes that the files below use. */
export const canaries: readonly (readonly [string, RegExp])[] = [
  ['name', /Canariense/],
  ['nif', /\b99\d{6}[A-Z]\b/],
  // Not in the middle of a uuid, where chance puts its digits once in some hundred thousand attempts.
  ['phone', /(?<![\da-f])6990\d{5}(?![\da-f])/],
  ['email', /@canario\.example/],
  ['partnerLeadId', /KX\d+-\d+/],
];

/**
 * Leads of as many people, of whom some have not consented and some are repeated, and for a tenth of them two updates in
 * two files, dated, since the files come at the same moment. The last leads file may come after all others: nobody updates
 * its leads.
 */
export function writeFiles(
  { rows, files, isLastLate }: { readonly rows: number; readonly files: number; readonly isLastLate: boolean },
  random: Random,
): readonly PartnerFile[] {
  const perFile = Math.ceil(rows / files);
  const leads = Array.from({ length: files }, (_, index) => leadsFile(index, perFile, random));
  const updated = leads
    .slice(0, isLastLate ? -1 : files)
    .flatMap(({ lines }) => lines.filter((_, index) => index % 10 === 3));
  const updates = [1, 2].map((nth) => updatesFile(nth, updated));
  return isLastLate ? [...leads.slice(0, -1), ...updates, ...leads.slice(-1)] : [...leads, ...updates];
}

/** What is known of the person of a lead. No other lead is theirs. */
export function personOf(partnerLeadId: string): {
  readonly nif: string;
  readonly phone: string;
  readonly email: string;
} {
  const person = Number(partnerLeadId.split('-')[1]);
  const phone = `6990${String(person % 100_000).padStart(5, '0')}`;
  return { nif: nifOf(person), phone, email: `p${person}@canario.example` };
}

const header = 'partnerLeadId;NIF;Nombre;Teléfono;Email;Acepta política de privacidad';

function leadsFile(index: number, rows: number, random: Random): PartnerFile {
  const lines: PartnerLine[] = [];
  const text = [header];
  for (let row = 0; row < rows; row += 1) {
    const isRepeated = row > 0 && random.chance(0.01);
    const person = index * rows + (isRepeated ? row - 1 : row);
    const partnerLeadId = `KX${index}-${person}`;
    const consent = !isRepeated && random.chance(0.02) ? 'no' : 'sí';
    const { nif, phone, email } = personOf(partnerLeadId);
    text.push(`${partnerLeadId};${nif};Inventada Canariense;${phone};${email};${consent}`);
    lines.push({ partnerLeadId, nth: null });
  }
  return finish(`leads-${index}.csv`, 'leads', text, lines);
}

function updatesFile(nth: number, leads: readonly PartnerLine[]): PartnerFile {
  const text = ['partnerLeadId;estado;observacion;Fecha'];
  for (const { partnerLeadId } of leads) text.push(`${partnerLeadId};${nth === 1 ? 5 : 7};nth ${nth};0${nth}/11/2026`);
  return finish(
    `updates-${nth}.csv`,
    'updates',
    text,
    leads.map(({ partnerLeadId }) => ({ partnerLeadId, nth })),
  );
}

function finish(
  name: string,
  kind: PartnerFile['kind'],
  rows: readonly string[],
  lines: readonly PartnerLine[],
): PartnerFile {
  const text = `${rows.join('\n')}\n`;
  return { name, kind, text, lines, sha256: createHash('sha256').update(text).digest('hex') };
}

export function dropFile(home: string, file: PartnerFile): Promise<void> {
  return drop(join(home, 'inbox'), partner, file.name, file.text);
}

import { createHash } from 'node:crypto';
import { nifOf, plainPartner } from '../e2e/leads-file.ts';
import type { Random } from '../simulation/random.ts';

/** `strict`: by arrival, and every update is pushed. `dated`: by the partner's own date, in exports that begin with the newest. */
export type Variant = 'strict' | 'dated';

/** What a storm consists of. Everything else is drawn from its seed. */
export interface StormSize {
  readonly variant: Variant;
  readonly leads: number;
  readonly each: number;
  readonly files: number;
}

export interface StormLine {
  readonly partner: string;
  readonly partnerLeadId: string;
  /** The text by which the API's record tells whose update it carried out. Of an update alone. */
  readonly observacion: string | null;
  /** Which of its lead's it is, from 1: the order in which the API has to carry them out. */
  readonly nth: number;
  /** The partner says once more what it said last of this lead. */
  readonly isRepeat: boolean;
  /** By the leadId of another partner's lead. */
  readonly isForeign: boolean;
}

export interface StormFile {
  readonly partner: string;
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
  readonly lines: readonly StormLine[];
}

/** Whose leads are updated, and another one with the same ids of its own. */
export const owner = 'acme';
export const stranger = 'beta';

export const partnerField = (partner: string): string => (partner === owner ? 'Test' : 'Otra');

export function partnerConfigs(variant: Variant): Readonly<Record<string, string>> {
  const order = variant === 'dated' ? 'updates: { orderBy: Fecha }\n' : '';
  return Object.fromEntries(
    [owner, stranger].map((id) => [
      id,
      `${plainPartner(id).replace('partner: Test', `partner: ${partnerField(id)}`)}${order}limits: { rowsPerId: "off" }\ndrift: "off"\n`,
    ]),
  );
}

/** Of the people from `first` on. */
export function leadsFile(partner: string, name: string, first: number, rows: number): StormFile {
  const ids = Array.from({ length: rows }, (_, index) => first + index);
  return finish(
    partner,
    name,
    'partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad',
    ids.map((n) => ({
      text: `T-${n};${nifOf(n)};Persona Inventada;6${String(n).padStart(8, '0')};sí`,
      line: { partner, partnerLeadId: `T-${n}`, observacion: null, nth: 0, isRepeat: false, isForeign: false },
    })),
  );
}

const repeats = 0.01;

/** Each lead's updates over many files, those of all leads mixed. */
export function updateFiles(partner: string, size: StormSize, random: Random): readonly StormFile[] {
  const { variant, leads, each, files } = size;
  const slots = shuffled(
    Array.from({ length: leads * each }, (_, index) => Math.floor(index / each) + 1),
    random,
  );
  const nthOf = new Map<number, number>();
  const inOrder = slots.flatMap((lead) => {
    const nth = (nthOf.get(lead) ?? 0) + 1;
    nthOf.set(lead, nth);
    const said = entry(partner, lead, nth, false);
    return variant === 'strict' && random.chance(repeats) ? [said, entry(partner, lead, nth, true)] : [said];
  });
  const written = variant === 'strict' ? inOrder : shuffled(inOrder, random);
  const perFile = Math.ceil(written.length / files);
  return Array.from({ length: files }, (_, index) => {
    const part = written.slice(index * perFile, (index + 1) * perFile);
    const rows = variant === 'strict' ? part : part.toSorted((one, other) => other.line.nth - one.line.nth);
    return finish(partner, `updates-${index}.csv`, 'partnerLeadId;estado;observacion;Fecha', rows);
  });
}

/** Updates by leadIds that are another partner's leads. */
export function foreignFile(leadIds: readonly string[]): StormFile {
  return finish(
    stranger,
    'updates-foreign.csv',
    'leadId;estado;observacion;Fecha',
    leadIds.map((leadId, index) => ({
      text: `${leadId};7;ajeno ${index};01/11/2026`,
      line: {
        partner: stranger,
        partnerLeadId: '',
        observacion: `ajeno ${index}`,
        nth: 0,
        isRepeat: false,
        isForeign: true,
      },
    })),
  );
}

interface Entry {
  readonly text: string;
  readonly line: StormLine;
}

function entry(partner: string, lead: number, nth: number, isRepeat: boolean): Entry {
  const observacion = `${partner} nth ${nth}`;
  const date = `${String(nth).padStart(2, '0')}/11/2026`;
  return {
    text: `T-${lead};${nth + 100};${observacion};${date}`,
    line: { partner, partnerLeadId: `T-${lead}`, observacion, nth, isRepeat, isForeign: false },
  };
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((value) => ({ value, lot: random.next() }))
    .toSorted((one, other) => one.lot - other.lot)
    .map(({ value }) => value);
}

function finish(partner: string, name: string, header: string, entries: readonly Entry[]): StormFile {
  const text = `${[header, ...entries.map((one) => one.text)].join('\n')}\n`;
  return {
    partner,
    name,
    text,
    lines: entries.map(({ line }) => line),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

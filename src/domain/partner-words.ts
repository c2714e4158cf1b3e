import type { ResultLanguage } from './faults.ts';
import type { FileKind } from './file-life.ts';

type Wording = Readonly<Record<ResultLanguage, string>>;

// Masculine throughout, so that the sentences of the fault registry fit each of them.
const fields: Readonly<Record<string, Wording>> = {
  acceptTerms: { es: 'el consentimiento', en: 'the consent' },
  agenteId: { es: 'el agente', en: 'the agent' },
  campaign: { es: 'el nombre de la campaña', en: 'the campaign' },
  canal: { es: 'el canal', en: 'the channel' },
  dni: { es: 'el NIF', en: 'the NIF' },
  email: { es: 'el correo electrónico', en: 'the e-mail address' },
  estado: { es: 'el estado', en: 'the state' },
  leadId: { es: 'el identificador del lead en la aseguradora', en: "the insurer's id of the lead" },
  motivoLlamada: { es: 'el motivo de la llamada', en: 'the reason for the call' },
  name: { es: 'el nombre', en: 'the name' },
  observacion: { es: 'el comentario', en: 'the comment' },
  orderBy: { es: 'el dato de la fecha', en: 'the date' },
  partnerLeadId: { es: 'su identificador del lead', en: 'your id of the lead' },
  phone: { es: 'el teléfono', en: 'the phone number' },
  postalcode: { es: 'el código postal', en: 'the postal code' },
  ramo: { es: 'el producto', en: 'the product' },
};

const repairs: Readonly<Record<string, Wording>> = {
  country_prefix: { es: 'sin el prefijo ES', en: 'without the prefix ES' },
  decimal_zeros: { es: 'sin los decimales de una hoja de cálculo', en: "without a spreadsheet's decimals" },
  digits_restored: { es: 'desde la notación científica', en: 'from scientific notation' },
  extension: { es: 'sin la extensión', en: 'without the extension' },
  first_of_several: { es: 'el primero de varios', en: 'the first of several' },
  label: { es: 'sin la palabra NIF o DNI', en: 'without the word NIF or DNI' },
  leading_zeros: { es: 'con los ceros iniciales que faltaban', en: 'with the leading zeros that were missing' },
  old_nie_zero: { es: 'sin el cero de los NIE antiguos', en: 'without the zero of old NIEs' },
  shortened: { es: 'abreviado', en: 'shortened' },
  trunk_zero: { es: 'sin el cero inicial', en: 'without the leading zero' },
};

const fileKinds: Readonly<Record<FileKind, Wording>> = {
  leads: { es: 'fichero de leads', en: 'leads file' },
  updates: { es: 'fichero de actualizaciones', en: 'updates file' },
  mixed: { es: 'fichero mixto', en: 'mixed file' },
};

// In the order of the partners' pages; those in which nobody can tell yet how a row ends are one word.
const outcomes = {
  registered: { es: 'registrado', en: 'registered' },
  registered_without_id: { es: 'registrado, sin identificador todavía', en: 'registered, without its id yet' },
  not_managed: { es: 'cliente no gestionado', en: 'client not managed' },
  pushed: { es: 'actualización aceptada', en: 'update accepted' },
  superseded: { es: 'sustituida por otra más reciente', en: 'replaced by a newer one' },
  duplicate: { es: 'repetido', en: 'duplicate' },
  rejected: { es: 'rechazado', en: 'rejected' },
  failed: { es: 'no enviado tras varios intentos', en: 'not sent after several tries' },
  in_doubt: { es: 'en comprobación con la aseguradora', en: 'being checked with the insurer' },
  cancelled: { es: 'anulado, no enviado', en: 'cancelled, not sent' },
  abandoned: { es: 'cerrado sin confirmar', en: 'closed without confirmation' },
  pending: { es: 'pendiente', en: 'pending' },
} as const satisfies Readonly<Record<string, Wording>>;

/** What a result file says of a row. */
export type PartnerOutcome = keyof typeof outcomes;

/** In the order in which partners are told of them. */
export const partnerOutcomes = Object.keys(outcomes) as readonly PartnerOutcome[];

export function outcomeInWords(outcome: string, language: ResultLanguage): string {
  const words: Readonly<Record<string, Wording>> = outcomes;
  return (words[outcome] ?? outcomes.pending)[language];
}

export function fileKindInWords(kind: FileKind, language: ResultLanguage): string {
  return fileKinds[kind][language];
}

/**
 * A value of a fault's text as a partner reads it: `column` and `columns` name fields of the contract, `repair` what was
 * repaired, `known` the values there are. Anything else, and words that have no wording, stay as they are.
 */
export function inPartnerWords(place: string, value: string, language: ResultLanguage): string {
  switch (place) {
    case 'column':
      return fieldInWords(value, language);
    case 'columns':
      return value
        .split(', ')
        .map((field) => (field in fields ? `${fieldInWords(field, language)} (${field})` : field))
        .join(', ');
    case 'repair':
      return value
        .split(' ')
        .map((repair) => repairs[repair]?.[language] ?? repair)
        .join(', ');
    case 'known':
      // A field of which nobody has a list: ramo and estado are numbers of the insurer's.
      return value === '' ? { es: 'números', en: 'numbers' }[language] : value;
    default:
      return value;
  }
}

function fieldInWords(field: string, language: ResultLanguage): string {
  if (field === '') return field;
  return fields[field]?.[language] ?? (language === 'es' ? `el campo ${field}` : `the field ${field}`);
}

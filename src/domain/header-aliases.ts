import { fold } from './fold.ts';
import { foldedWords } from './folded-words.ts';

/**
 * The headers that the common CRMs and Spanish spreadsheets use, for partners whose config names no columns. A default is
 * a guess, so whatever has a second meaning is left out: no CRM has a standard column for a `Secondary Email` that stands
 * for the first. A field's own name is its header as well, whether it is listed here or not.
 */
export const usualHeaders: Readonly<Record<string, readonly string[]>> = {
  partnerLeadId: [
    'Record ID',
    'ID de registro',
    'Lead ID',
    'Lead - ID',
    'hs_object_id',
    'Person - ID',
    'Persona - ID',
    'ID',
    'Id. del lead',
  ],
  dni: [
    'NIF',
    'NIE',
    'CIF',
    'DNI/NIE',
    'NIF/NIE',
    'NIF/CIF',
    'DNI/NIF',
    'NIF/DNI',
    'DNI o NIE',
    'DNI o NIF',
    'Documento',
    'Nº documento',
    'N.º documento',
    'Documento de identidad',
  ],
  name: [
    'full_name',
    'Full name',
    'Nombre completo',
    'Nombre y apellidos',
    'Person - Name',
    'Persona - Nombre completo',
  ],
  phone: [
    'Phone Number',
    'Mobile Phone Number',
    'Mobile',
    'Mobile Phone',
    'mobilephone',
    'Home Phone',
    'Person - Phone',
    'Person - Phone - Work',
    'Person - Phone - Mobile',
    'Person - Phone - Home',
    'Person - Phone - Other',
    'Persona - Teléfono',
    'Persona - Teléfono - Otro',
    'Persona - Teléfono - Trabajo',
    'Persona - Teléfono - Casa',
    'Persona - Teléfono - Móvil',
    'Teléfono',
    'Teléfono móvil',
    'Número de teléfono',
    'Telf',
    'Tlf',
    'Tel',
    'Móvil',
  ],
  email: [
    'E-mail',
    'Mail',
    'Correo',
    'Correo electrónico',
    'Person - Email',
    'Person - Email - Work',
    'Person - Email - Home',
    'Person - Email - Other',
    'Persona - Correo electrónico',
    'Persona - Correo electrónico - Trabajo',
  ],
  postalcode: [
    'Postal Code',
    'Zip',
    'Zip Code',
    'Post code',
    'Zip/Postal Code',
    'Mailing Zip/Postal Code',
    'Billing Zip/Postal Code',
    'Person - Postal address - ZIP/Postal code',
    'Persona - Código postal',
    'Código postal',
    'Cód. postal',
    'CP',
    'C.P.',
  ],
  acceptTerms: [
    'Accept terms',
    'Acepta política de privacidad',
    'Acepta la política de privacidad',
    'Acepta privacidad',
    'Acepto política de privacidad',
    'Acepto la política de privacidad',
    'He leído y acepto la política de privacidad',
    'Accepts privacy policy',
    'Privacy policy',
    'Política de privacidad',
    'Consentimiento',
    'RGPD',
    'GDPR',
    'LOPD',
  ],
  ramo: ['Producto', 'Product'],
  motivoLlamada: ['Motivo llamada', 'Motivo de la llamada', 'Motivo'],
  agenteId: ['agentId', 'Agente', 'Código de agente', 'Nº agente'],
  campaign: ['Campaña'],
  trafficSource: ['Traffic source', 'Original Source', 'Lead Source', 'Fuente de Posible cliente'],
  leadId: ['ID Lead Allianz'],
  estado: ['Estado del lead', 'Situación', 'Lead Status', 'hs_lead_status', 'Status'],
  observacion: ['Observaciones', 'Notas', 'Comentario', 'Comentarios', 'Notes', 'Comments'],
};

// Codes of the insurer in the contract, everyday words of a CRM: a column of that name is somebody's own.
export const everydayWords: ReadonlySet<string> = new Set(['canal', 'origen', 'partner']);

export const firstNames = ['First Name', 'firstname', 'Nombre', 'Person - First name', 'Persona - Nombre'];
export const lastNames = [
  'Last Name',
  'lastname',
  'Apellidos',
  'Apellido',
  'Person - Last name',
  'Persona - Apellidos',
];

// Some as one word: Salesforce's own names are HasOptedOutOfEmail and DoNotCall, HubSpot's is hs_email_optout.
const optOut = new RegExp(
  [
    'opt(?:ed)? ?out',
    'unsubscri',
    'withdr[ae]w',
    'suppress',
    'black ?list',
    String.raw`\bdo not\b`,
    String.raw`\bdonot(?:call|contact|disturb|e?mail|text|track)`,
    String.raw`\bdnc\b`,
    String.raw`\bno ?(?:llamar|contactar|enviar|desea|molestar)`,
    String.raw`^no (?:acepta|autoriza|consiente)`,
    String.raw`\bsin consentimiento\b`,
    String.raw`\boposicion\b`,
    String.raw`\bexclu(?:ir|sion)\b`,
    String.raw`\bbaja\b`,
    'lista negra',
    'rechaz',
    'revoca',
    'robinson',
  ].join('|'),
);

/** Whether a folded header belongs to this field by default. */
export function isAliasOf(field: string, folded: string): boolean {
  const headers = usualHeaders[field];
  if (headers !== undefined && foldedWords(headers).has(folded)) return true;
  return fold(field) === folded && !everydayWords.has(field);
}

export function isFirstName(folded: string): boolean {
  return foldedWords(firstNames).has(folded);
}

export function isLastName(folded: string): boolean {
  return foldedWords(lastNames).has(folded);
}

/** `Unsubscribed`, `No llamar`, `Robinson`: a yes in such a column is a no, so it never becomes consent, not even by config. */
export function isOptOut(folded: string): boolean {
  return optOut.test(folded);
}

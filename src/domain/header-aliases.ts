import { foldedWords } from './folded-words.ts';

/**
 * The headers that the common CRMs, Spanish spreadsheets and the contract itself use, for partners whose config names no
 * columns. A default is a guess, so whatever has a second meaning is left out: `Origen`, `Canal` and `Partner` are
 * everyday words of a CRM and codes of the insurer in the contract; no CRM has a standard column for a `Secondary Email`
 * that stands for the first.
 */
const aliases: Readonly<Record<string, readonly string[]>> = {
  partnerLeadId: [
    'partnerLeadId',
    'Record ID',
    'ID de registro',
    'Lead ID',
    'Person - ID',
    'Persona - ID',
    'ID',
    'Id. del lead',
  ],
  dni: [
    'dni',
    'nif',
    'NIE',
    'CIF',
    'DNI/NIE',
    'NIF/NIE',
    'NIF/CIF',
    'DNI/NIF',
    'NIF/DNI',
    'Documento',
    'Nº documento',
    'N.º documento',
    'Documento de identidad',
  ],
  name: [
    'name',
    'full_name',
    'Full name',
    'Nombre completo',
    'Nombre y apellidos',
    'Person - Name',
    'Persona - Nombre completo',
  ],
  phone: [
    'phone',
    'Phone Number',
    'Mobile Phone Number',
    'Mobile',
    'Mobile Phone',
    'Home Phone',
    'Person - Phone',
    'Person - Phone - Work',
    'Person - Phone - Mobile',
    'Person - Phone - Home',
    'Person - Phone - Other',
    'Persona - Teléfono',
    'Persona - Teléfono - Otro',
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
    'email',
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
    'postalcode',
    'Postal Code',
    'Zip',
    'Zip Code',
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
    'acceptTerms',
    'Accept terms',
    'Acepta política de privacidad',
    'Acepta la política de privacidad',
    'Acepta privacidad',
    'Política de privacidad',
    'Consentimiento',
    'RGPD',
    'LOPD',
  ],
  ramo: ['ramo', 'Producto', 'Product'],
  motivoLlamada: ['motivoLlamada', 'Motivo llamada', 'Motivo de la llamada', 'Motivo'],
  agenteId: ['agenteId', 'agentId', 'Agente', 'Código de agente', 'Nº agente'],
  campaign: ['campaign', 'Campaña'],
  trafficSource: ['trafficSource', 'Traffic source', 'Original Source', 'Lead Source', 'Fuente de Posible cliente'],
  leadOrigin: ['leadOrigin'],
  idLanding: ['idLanding'],
  parametersURL: ['parametersURL'],
  reference: ['reference'],
  refExt: ['refExt'],
  leadId: ['leadId', 'ID Lead Allianz'],
  estado: ['estado', 'Estado del lead', 'Lead Status', 'Status'],
  observacion: ['observacion', 'Observaciones', 'Notas', 'Comentarios', 'Notes'],
};

const firstNames = ['First Name', 'firstname', 'Nombre', 'Person - First name', 'Persona - Nombre'];
const lastNames = ['Last Name', 'lastname', 'Apellidos', 'Apellido', 'Person - Last name', 'Persona - Apellidos'];

const optOut =
  /\bopt(?:ed)? ?out\b|unsubscri|\bdo not\b|\bno (?:llamar|contactar|enviar|desea|molestar)\b|robinson|\b(?:darse de |dado de )?baja\b|rechaz/;

/** Whether a folded header belongs to this field by default. */
export function isAliasOf(field: string, folded: string): boolean {
  const headers = aliases[field];
  return headers !== undefined && foldedWords(headers).has(folded);
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

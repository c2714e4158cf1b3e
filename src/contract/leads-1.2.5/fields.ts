import { leadOrigins } from './code-tables.ts';
import type { LeadField } from '../leads-contract.ts';

const field = {
  wireName: null,
  required: false,
  maxLength: null,
  steering: false,
  values: null,
  pattern: null,
  patternSays: null,
  json: 'string',
} as const;

/**
 * "Alta lead (request)" of the specification, as a table. The request schema, the sandbox's check and the rules for
 * rows all come from it: a field added here travels everywhere. Required fields are marked "(requiered)" there and
 * limits "(max n cc)"; where it states no limit there is none here.
 */
export const leadFields: readonly LeadField[] = [
  {
    ...field,
    name: 'acceptTerms',
    required: true,
    values: ['true', 'false'],
    json: 'boolean',
    description: 'Whether or not the user accepts the privacy policy.',
  },
  {
    ...field,
    name: 'reference',
    description: 'Received from Allianz through the call to the WS (if it has come through this flow).',
  },
  { ...field, name: 'idLanding', description: 'Identifier for the relation between contact and lead.' },
  {
    ...field,
    name: 'leadOrigin',
    maxLength: 25,
    // "Will have values like": an open list, so nothing is closed here.
    description: `Values like ${Object.entries(leadOrigins)
      .map(([code, name]) => `${code}: ${name}`)
      .join(', ')}.`,
  },
  {
    ...field,
    name: 'partnerLeadId',
    maxLength: 45,
    steering: true,
    description: "The external provider's id of the lead.",
  },
  { ...field, name: 'parametersURL', maxLength: 999, description: 'Parameters of the URL that the lead came from.' },
  { ...field, name: 'partner', maxLength: 255, description: 'The external provider.' },
  { ...field, name: 'trafficSource', maxLength: 255, description: 'Where the traffic came from.' },
  { ...field, name: 'campaign', maxLength: 255, description: 'The campaign that the lead came from.' },
  {
    ...field,
    name: 'agenteId',
    required: true,
    steering: true,
    maxLength: 7,
    pattern: /^\d{7}$/,
    patternSays: '7 digits',
    description:
      '7-digit numerical value (ex: 0051245). Agent assigned to the client (the one already had if already a client, or the agent assigned by supplier).',
  },
  {
    ...field,
    name: 'canal',
    steering: true,
    description: 'Channel from which the request was received and if is client or not.',
  },
  { ...field, name: 'dni', steering: true, description: 'The NIF that has been consulted in the client data request.' },
  { ...field, name: 'email', maxLength: 50, description: 'Email informed by the client in the form.' },
  {
    ...field,
    name: 'motivoLlamada',
    required: true,
    steering: true,
    values: ['1', '2'],
    description: "Value '1' in case you request a budget, value '2' in case you request help.",
  },
  {
    ...field,
    name: 'name',
    required: true,
    maxLength: 50,
    description: 'Name reported by the client on the form.',
  },
  { ...field, name: 'origen', maxLength: 20, description: 'Values indicated by the Marketing team.' },
  { ...field, name: 'phone', required: true, description: 'Telephone number reported by the client on the form.' },
  { ...field, name: 'postalcode', description: 'Zip code reported by the lead in the form (Ex: 08014).' },
  {
    ...field,
    name: 'ramo',
    steering: true,
    pattern: /^\d+$/,
    patternSays: 'digits',
    description:
      'Numerical value according to the product the client is interested in (car, life, motorcycle insurance).',
  },
  {
    ...field,
    name: 'refExt',
    maxLength: 20,
    description: 'Different possible values indicated by Marketing team.',
  },
  { ...field, name: 'tresAgentes', maxLength: 0, description: 'Provisionally empty.' },
];

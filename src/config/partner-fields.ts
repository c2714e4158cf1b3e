/** What a partner config can speak of: the fields of alta lead and of update lead, in the contract's spelling. */
export const partnerLeadFields = [
  'acceptTerms',
  'agenteId',
  'campaign',
  'canal',
  'dni',
  'email',
  'idLanding',
  'leadOrigin',
  'motivoLlamada',
  'name',
  'origen',
  'parametersURL',
  'partner',
  'partnerLeadId',
  'phone',
  'postalcode',
  'ramo',
  'reference',
  'refExt',
  'trafficSource',
  'tresAgentes',
] as const;

export const partnerFields = [...partnerLeadFields, 'leadId', 'estado', 'observacion'] as const;

/** One value of these for every row would turn all people into one, or call a stranger. */
const personal: ReadonlySet<string> = new Set(['dni', 'email', 'leadId', 'partnerLeadId', 'phone']);

export const fieldsWithDefaults = partnerFields.filter((field) => !personal.has(field));

import type { PartnerProposal, ProposedColumn } from '../domain/propose-partner.ts';
import type { WordCounts } from '../domain/word-tally.ts';

/** What `leadsync partner init` writes a config from. */
export interface PartnerDraft {
  readonly id: string;
  /** The name of the sample, without its folder. */
  readonly fileName: string;
  readonly encoding: string;
  readonly isEncodingSure: boolean;
  readonly delimiter: string;
  /** Where the JSON Schema is, as editors find it from the config. */
  readonly schema: string;
  readonly proposal: PartnerProposal;
}

/**
 * A partner config as text. It is valid as it stands; what only a person can know is left blank or stands in a comment,
 * and a blank key is as good as absent.
 */
export function writePartnerDraft(draft: PartnerDraft): string {
  const { proposal } = draft;
  const parts = [
    head(draft),
    defaults(draft),
    files(draft),
    columns(proposal),
    consent(proposal),
    codes(proposal),
    proposal.kind === 'updates' ? [] : identity(proposal),
    proposal.kind === 'updates' ? [] : agent(proposal),
    proposal.kind === 'leads' ? [] : updates(proposal),
    leftOver(proposal),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function head({ id, fileName, encoding, isEncodingSure, delimiter, schema, proposal }: PartnerDraft): string[] {
  return [
    `# yaml-language-server: $schema=${schema}`,
    `# A draft made from ${quoted(fileName)}: its header and ${sayRows(proposal.rows)}. ${encoding}, delimiter ${quoted(delimiter)}.`,
    ...(isEncodingSure
      ? []
      : ['# ? Do the accents look right below? The encoding is a guess; files.leads.encoding can say it.']),
    `# Search for "?": each is a question for a person. Then: leadsync partner check ${id} --file FILE`,
    `partner: ${id}`,
  ];
}

function defaults({ id, proposal: { kind, missing } }: PartnerDraft): string[] {
  if (kind === 'updates') return [];
  return [
    '# The same in every lead. A value in the row goes before it.',
    'defaults:',
    `  partner: ${scalar(id)} # ? the name under which the insurer knows the partner`,
    ...(missing.includes('motivoLlamada') ? ['  motivoLlamada: "" # ? 1 asks for a budget, 2 for help'] : []),
    '  leadOrigin: "" # ? such as 1: API, 2: Callme Now, 3: Callme Back, 11: Chat, 12: Whatsapp',
  ];
}

function files({ id, fileName, proposal: { kind, stateColumn } }: PartnerDraft): string[] {
  const pattern = patternOf(fileName);
  if (kind === 'mixed') {
    return [
      '# Each row is a lead and says what has become of it. Without a pattern every file would be leads.',
      'files:',
      `  mixed: { match: ${quoted(pattern)} } # ? is this how the files are called`,
      '  # leads: { match: "leads*.csv" }',
      '  # updates: { match: "updates*.csv" }',
    ];
  }
  if (kind === 'updates') {
    return [
      '# Without a pattern every file would be leads.',
      `files:`,
      `  updates: { match: ${quoted(pattern)} } # ? is this how the files are called`,
      '  # leads: { match: "leads*.csv" }',
    ];
  }
  return [
    '# ? Does the partner send other files as well? Without a pattern every file is leads.',
    '# files:',
    `#   leads: { match: ${quoted(pattern)} }`,
    '#   updates: { match: "updates*.csv" }',
    ...(stateColumn === null
      ? []
      : [
          `# ? ${quoted(stateColumn)} says what has become of a lead, as it seems. It is not read here; where it is to be sent,`,
          `# too, such files are mixed: leadsync partner init ${id} --from FILE --kind mixed --force`,
        ]),
  ];
}

/** `export-2026-11-22.csv` is `export-*.csv`: the numbers are another day's tomorrow. */
function patternOf(fileName: string): string {
  const pattern = fileName.replaceAll(/[/\\]/g, '_').replaceAll(/\d+(?:[-_. ]?\d+)*/g, '*');
  return /\p{L}/u.test(pattern.replace(/\.\w+$/, '')) ? pattern : '*.csv';
}

function columns(proposal: PartnerProposal): string[] {
  const questions: string[] = [];
  for (const field of proposal.missing) {
    if (field === 'acceptTerms') questions.push(...whichConsent(proposal));
    else if (field === 'dni')
      questions.push('  # ? dni: no column for the NIF. Without one every row is rejected (withoutNif).');
    else if (field !== 'motivoLlamada' && field !== 'agenteId' && field !== 'observacion' && field !== 'leadId') {
      questions.push(`  # ? ${field}: []`);
    }
  }
  const lines = proposal.columns.toSorted(asPeopleRead).map((column) => columnLine(column, proposal.rows));
  return [
    '# Field of the contract: its header. Case, accents, spaces and punctuation do not matter.',
    ...(lines.length === 0 ? ['# columns:'] : ['columns:', ...lines]),
    ...questions,
    ...idQuestions(proposal),
  ];
}

const usualOrder = ['partnerLeadId', 'leadId', 'dni', 'name', 'phone', 'email', 'postalcode', 'acceptTerms', 'ramo'];

function asPeopleRead(a: ProposedColumn, b: ProposedColumn): number {
  const place = ({ field }: ProposedColumn): number =>
    (usualOrder.indexOf(field) + usualOrder.length + 1) % (usualOrder.length + 1);
  return place(a) - place(b);
}

function columnLine({ field, headers, by, filled, others }: ProposedColumn, rows: number): string {
  const otherNames = others.filter((other) => !headers.includes(other));
  const names = headers.map(scalar).join(', ');
  const source = headers.length > 1 ? `{ join: [${names}] }` : `[${names}]`;
  const notes = [
    by === 'values' ? '? by its values, not by its name' : '',
    filled < rows ? `in ${filled} of ${rows} rows` : '',
    others.some((other) => headers.includes(other)) ? '? two columns are called so: the partner renames one' : '',
    otherNames.length > 0 ? `? or ${otherNames.map(quoted).join(', ')}` : '',
  ].filter((note) => note !== '');
  return `  ${field}: ${source}${notes.length === 0 ? '' : ` # ${notes.join('; ')}`}`;
}

function whichConsent({ consentCandidates }: PartnerProposal): string[] {
  return [
    '  # ? acceptTerms: which column says that the person accepts the privacy policy? Without it a file is refused.',
    ...consentCandidates.map((header) => `  # acceptTerms: [${scalar(header)}]`),
  ];
}

function idQuestions({ kind, columns: found, identity: { candidates } }: PartnerProposal): string[] {
  if (found.some(({ field }) => field === 'partnerLeadId' || field === 'leadId')) return [];
  const without = kind !== 'updates' ? "a lead is known by the row's own values" : 'a file is refused';
  return [
    `  # ? partnerLeadId: which column is the partner's id of the lead? Without one ${without}.`,
    ...candidates.map((header) => `  # partnerLeadId: [${scalar(header)}]`),
  ];
}

function consent({ kind, consent: found, optOuts }: PartnerProposal): string[] {
  if (kind === 'updates') return [];
  const never = optOuts.map(
    (header) => `# ${quoted(header)} is an opt-out: a yes in it is a no, and it is never read as consent.`,
  );
  if (found === null) return never;
  const { accepted, refused, unknown, blank } = found;
  const lists = [
    ...(accepted.length > 0 ? [`accepted: [${accepted.map(scalar).join(', ')}]`] : []),
    ...(refused.length > 0 ? [`refused: [${refused.map(scalar).join(', ')}]`] : []),
  ];
  return [
    '# What counts as consent. A word in neither list rejects its row, and so does an empty cell.',
    ...(unknown.rows > 0
      ? [
          '# ? In neither list. Only words that accept the privacy policy may stand under accepted:',
          ...countedWords(unknown),
        ]
      : []),
    ...(blank > 0 ? [`# Empty in ${sayRows(blank)}.`] : []),
    lists.length === 0 ? '# consent: { accepted: [], refused: [] }' : `consent: { ${lists.join(', ')} }`,
    ...never,
  ];
}

function countedWords({ words, hidden }: WordCounts): string[] {
  return [
    ...words.map(({ word, rows }) => `#   ${quoted(word)}: ${sayRows(rows)}`),
    ...(hidden > 0 ? [`#   other values, not shown: ${sayRows(hidden)}`] : []),
  ];
}

const meaningOfCodes: Readonly<Record<string, string>> = {
  ramo: "? the insurer's number of each product",
  motivoLlamada: '? 1 asks for a budget, 2 for help',
  estado: "? the insurer's number of each state; 20 closes the lead",
};

function codes({ codes: found }: PartnerProposal): string[] {
  const fields = Object.entries(found);
  if (fields.length === 0) return [];
  return [
    "# The partner's words for the contract's codes. A word that is not here, or that is blank, rejects its row.",
    'codes:',
    ...fields.flatMap(([field, { words, hidden }]) => [
      `  ${field}: # ${meaningOfCodes[field] ?? '? to fill in'}`,
      ...words.map(({ word, rows }) => `    ${scalar(word)}: "" # ${sayRows(rows)}`),
      ...(hidden > 0 ? [`    # other values, not shown: ${sayRows(hidden)}`] : []),
    ]),
  ];
}

function identity({ identity: { repeated, tellApart, ids } }: PartnerProposal): string[] {
  const odd = ids.odd.map(({ oddity, rows }) => `# ? In ${sayRows(rows)} the id ${oddities[oddity]}.`);
  if (repeated === 0) return odd;
  const ones = `${repeated} ${repeated === 1 ? 'id stands' : 'ids stand'} on rows that differ`;
  if (tellApart.length === 0) {
    return [...odd, `# ${ones}, though not in the product: corrections of one lead, as it seems.`];
  }
  return [
    ...odd,
    `# ? ${ones}: ${tellApart.map(({ field, ids: n }) => `${n} in ${field}`).join(', ')}. Is the id a contact's, and not an`,
    "# enquiry's? Then a field that tells the enquiries apart belongs to the identity of a lead. Decide before the first",
    '# file: a change makes new leads of old ones.',
    `# identity: [${tellApart.map(({ field }) => field).join(', ')}]`,
  ];
}

const oddities = {
  scientific: 'is damaged by a spreadsheet (1,23E+15): ask for an export that was never opened in one',
  rounded: 'ends in the zeros of a rounded number: ask for an export that was never opened in a spreadsheet',
  nif: 'is a NIF: a person is not an enquiry, and ids are shown on screens',
  email: 'is an e-mail address: a person is not an enquiry, and ids are shown on screens',
  phone: "is the row's phone number: a person is not an enquiry, and ids are shown on screens",
} as const;

function agent({ missing }: PartnerProposal): string[] {
  return [
    missing.includes('agenteId')
      ? '# Who gets a person that the client check names no agent for: no column names one.'
      : "# Who gets a person that neither the client check nor the row's own column names an agent for.",
    'agent: { default: "" } # ? seven digits, such as 0051245',
  ];
}

function updates({ kind, dates, missing, columns: found }: PartnerProposal): string[] {
  const [date, ...others] = dates;
  const orderBy =
    date === undefined
      ? '  orderBy: "" # ? no column holds dates: the order of arrival counts'
      : // Beside a lead it may well be the day on which that came.
        kind === 'mixed'
        ? `  orderBy: "" # ? ${dates.map(quoted).join(' or ')}, if it says when the state has changed; else arrival counts`
        : `  orderBy: ${scalar(date)}${others.length > 0 ? ` # ? or ${others.map(quoted).join(', ')}` : ''}`;
  const hasNote =
    !missing.includes('observacion') && found.every(({ field, filled }) => field !== 'observacion' || filled > 0);
  return [
    '# The date that orders the updates of a lead, and what is said about rows without a comment.',
    'updates:',
    orderBy,
    `  observacion: "Estado según CRM: {estado}"${hasNote ? '' : ' # ? no column says anything about an update'}`,
    ...(kind === 'mixed' ? ['  # initial: [] # ? the words with which a lead begins: they are no update'] : []),
  ];
}

function leftOver({ kind, dates, unmapped }: PartnerProposal): string[] {
  const columnsLeft = kind !== 'leads' ? unmapped : [...unmapped, ...dates];
  if (columnsLeft.length === 0) return [];
  return ['# Not read:', ...columnsLeft.map((header) => `#   ${quoted(header)}`)];
}

function sayRows(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}

/** Always on one line, whatever a header holds. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Plain where YAML and editors read it as this text and as nothing else. */
function scalar(text: string): string {
  const isPlain = /^\p{L}[\p{L}\p{N} ._/()-]*$/u.test(text) && text.trim() === text;
  return isPlain && !/^(?:true|false|yes|no|on|off|y|n|null)$/i.test(text) ? text : quoted(text);
}

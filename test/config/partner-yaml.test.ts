import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { usualRetentionRules } from '../../src/domain/retention.ts';
import { parsePartner } from '../../src/config/partner-yaml.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import { ConfigFault } from '../../src/domain/config-fault.ts';

const noTable = () => null;
const parse = (text: string, table: string | null = null) =>
  parsePartner('acme', `partner: acme\n${text}`, () => table, { leadFields });

function faultsOf(text: string, table: string | null = null): readonly string[] {
  try {
    parse(text, table);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    expect(error.code).toBe('CONFIG_PARTNER_INVALID');
    return error.message.split('\n');
  }
  return [];
}

describe('parsePartner', () => {
  it('fills in every default', () => {
    expect(parse('')).toEqual({
      id: 'acme',
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
      defaults: {},
      files: { leads: null, updates: null, mixed: null },
      columns: {},
      identity: [],
      codes: {},
      consent: {
        accepted: ['si', 's', 'yes', 'y', 'true', 'verdadero', '1'],
        refused: ['no', 'n', 'false', 'falso', '0'],
        onRefused: 'reject',
        onBlank: 'reject',
      },
      agent: { default: null, byPostalCode: {}, fromCheck: 'always' },
      canal: { client: null, prospect: null },
      withoutNif: 'reject',
      tooLong: 'reject',
      updates: {
        orderBy: null,
        afterFinal: 'reject',
        unknownLeadId: 'reject',
        observacion: null,
        maxObservacion: 4_000,
        finalEstados: [],
        initial: [],
        coalesce: false,
        patienceMs: null,
      },
      schedule: null,
      timeZone: 'Europe/Madrid',
      expect: [],
      holidays: { spain: false, dates: [] },
      drift: { header: true, smallerPercent: 60, biggerTimes: 5, emptiedPercent: 90 },
      firstRows: 0,
      recheck: { notManagedMs: 30 * 86_400_000 },
      results: {
        echo: false,
        language: 'es',
        encoding: 'utf-8',
        delimiter: null,
        everyMs: 1_800_000,
        by: null,
        summary: false,
      },
      retention: usualRetentionRules,
      webhook: null,
      communication: { shared: null, own: null },
      limits: { maxRows: 1_000_000, maxBytes: 512 * 2 ** 20, maxCell: 32_767, checksPerDay: 10_000, rowsPerId: 3 },
    });
  });

  it('keeps what is personal for a time with an end: each state for its own, else for that of all rows', () => {
    const { retention } = parse(
      'archive: { keep: 10d }\nretention: { rows: 100d, states: { registered: 5d }, block: 30d }',
    );
    const day = 86_400_000;
    expect(retention).toMatchObject({ archiveMs: 10 * day, resultsMs: 90 * day, blockMs: 30 * day });
    expect(retention.rowsMs).toMatchObject({ registered: 5 * day, not_managed: 90 * day, pushed: 100 * day });
    expect(retention.rowsMs).not.toHaveProperty('in_doubt');
    for (const written of ['rows: 23h', 'rows: 3651d', 'rows: off', 'states: { in_doubt: 5d }', 'block: 1h'])
      expect(() => parse(`retention: { ${written} }`), written).toThrow(/, retention\.\w+(\.\w+)?: expected /);
  });

  it('keeps codes and words as they are written, whatever YAML would make of them', () => {
    const partner = parse(
      'agent: { default: 0051245 }\ndefaults: { leadOrigin: 01, motivoLlamada: 1 }\nconsent: { accepted: [yes, true, 1], refused: [no, off] }',
    );
    expect(partner.agent.default).toBe('0051245');
    expect(partner.defaults).toEqual({ leadOrigin: '01', motivoLlamada: '1' });
    expect(partner.consent).toMatchObject({ accepted: ['yes', 'true', '1'], refused: ['no', 'off'] });
  });

  it('gives an agent its zeros back', () => {
    expect(parse('agent: { default: 51245 }').agent.default).toBe('0051245');
  });

  it("folds the partner's words", () => {
    expect(parse('codes: { ramo: { "Póliza  Hogar": 2 } }\nconsent: { accepted: [Sí] }')).toMatchObject({
      codes: { ramo: { 'poliza hogar': '2' } },
      consent: { accepted: ['si'] },
    });
  });

  it('reads sources, patterns, sizes and schedules', () => {
    const partner = parsePartner(
      'acme',
      `partner: acme
columns: { dni: [NIF, DNI/NIE], name: { join: [Nombre, Apellidos] }, phone: Tel }
files: { leads: { match: "*.csv", delimiter: "\\t", encoding: windows-1252 } }
limits: { maxBytes: 2 GB, maxRows: 10 }
schedule: { cron: "0 2 * * *" }
expect: [{ kind: leads, files: 1, by: "06:00", days: mon-fri }]`,
      noTable,
      { leadFields, timeZone: 'Atlantic/Canary' },
    );
    expect(partner).toMatchObject({
      columns: {
        dni: { headers: ['NIF', 'DNI/NIE'] },
        name: { join: ['Nombre', 'Apellidos'] },
        phone: { headers: ['Tel'] },
      },
      files: { leads: { match: '*.csv', delimiter: '\t', encoding: 'windows-1252' }, updates: null },
      limits: { maxBytes: 2 ** 31, maxRows: 10, maxCell: 32_767, checksPerDay: 10_000 },
      schedule: { cron: '0 2 * * *', timeZone: 'Atlantic/Canary' },
    });
  });

  it('reads what is expected, and takes the hours for those of the schedule', () => {
    const partner = parse(`schedule: { cron: "0 2 * * *", timeZone: Atlantic/Canary }
expect:
  - { kind: leads, files: 1, by: "06:00", days: mon-fri }
  - { kind: updates, files: 2, by: "20:00", from: "08:00", days: sat-mon }
  - { kind: mixed, files: 1, by: "13:00" }
holidays: [es, "2026-11-09", "12-24", 02-29]
results: { by: "07:00" }`);
    expect(partner).toMatchObject({
      timeZone: 'Atlantic/Canary',
      expect: [
        { kind: 'leads', files: 1, by: '06:00', from: '12:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
        { kind: 'updates', files: 2, by: '20:00', from: '08:00', days: ['sat', 'sun', 'mon'] },
        { kind: 'mixed', by: '13:00', from: '00:00', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      ],
      holidays: { spain: true, dates: ['2026-11-09', '12-24', '02-29'] },
      results: { by: '07:00' },
    });
    expect(
      faultsOf(`expect: [{ kind: leads, files: 0, by: "6:00", days: mon-fun }]
holidays: [navidad, "13-01", "2026-02-30"]
results: { by: noon }`),
    ).toEqual([
      'acme.yaml line 2, expect.0.files: expected 1 or more, got "0"',
      'acme.yaml line 2, expect.0.by: expected a time such as "06:00", got "6:00"',
      'acme.yaml line 2, expect.0.days: expected days such as mon-fri, got "mon-fun"',
      ...['navidad', '13-01', '2026-02-30'].map(
        (got, at) =>
          `acme.yaml line 3, holidays.${at}: expected es, a date such as "2026-11-09", or "12-24" for every year, got "${got}"`,
      ),
      'acme.yaml line 4, results.by: expected a time such as "06:00", got "noon"',
    ]);
  });

  it('is frozen', () => {
    expect(Object.isFrozen(parse('').limits)).toBe(true);
  });

  it('names file, line, path, what was expected and what was got, all at once', () => {
    expect(
      faultsOf(`tooLong: cut
colums: { dni: [NIF] }
columns:
  nif: [NIF]
  phone: 5
  email: []
agent:
  default: 12345678
limits: { maxBytes: big, maxRows: many }
schedule: { cron: "0 2", timeZone: Madrid }
defaults: { dni: 12345678Z }
updates: { observacion: "{motivo}" }
results: { language: fr, echo: si }`),
    ).toEqual([
      'acme.yaml line 12, defaults.dni: expected a key that leadsync knows',
      'acme.yaml line 7, columns.email: expected a list of 1 or more, got something else',
      'acme.yaml line 5, columns.nif: expected a key that leadsync knows',
      'acme.yaml line 9, agent.default: expected an agent of up to 7 digits, got "12345678"',
      'acme.yaml line 2, tooLong: expected one of reject, shorten, got "cut"',
      'acme.yaml line 13, updates.observacion: expected a text with no place but {estado}, got "{motivo}"',
      'acme.yaml line 11, schedule.cron: expected a cron expression of 5 or 6 fields, got "0 2"',
      'acme.yaml line 11, schedule.timeZone: expected a time zone such as Europe/Madrid, got "Madrid"',
      'acme.yaml line 14, results.echo: expected one of true, false, got "si"',
      'acme.yaml line 14, results.language: expected one of es, en, got "fr"',
      'acme.yaml line 10, limits.maxRows: expected a number of rows, got "many"',
      'acme.yaml line 10, limits.maxBytes: expected a size such as 512MB, got "big"',
      'acme.yaml line 3, colums: expected a key that leadsync knows',
    ]);
  });

  it.each([
    ['lastRows: 10', 'lastRows'],
    ['drift: sometimes', 'off, or {'],
    ['recheck: { notManaged: soon }', 'a time such as'],
    ['consent: { accepted: [Sí], refused: [SI] }', 'no word in both lists'],
    ['codes: { ramo: { Coche: 1, coché: 2 } }', 'one code for words that differ'],
    ['files: { leads: { match: "../*.csv" } }', 'without folders'],
    ['files: { leads: { match: "*.csv", encoding: utf-9 } }', 'an encoding such as'],
    ['agent: { byPostalCode: ../agents.csv }', 'beside this one'],
    ['partner: acme', 'line 2'],
    ['codes: [', 'line'],
  ])('refuses %s', (text, expected) => {
    expect(faultsOf(text).join('\n')).toContain(expected);
  });

  it.each([
    [
      'aliases of aliases',
      `a: &a [x, x]\n${[...'bcdefghijkl'].map((key, n) => `${key}: &${key} [*${'abcdefghijk'[n]}, *${'abcdefghijk'[n]}]`).join('\n')}`,
    ],
    ['a list that stands in itself', 'codes: &codes { ramo: *codes }'],
  ])('refuses %s, which would unfold without end', (_what, text) => {
    expect(faultsOf(text)).toEqual([
      expect.stringContaining('acme.yaml line 1: expected lists and keys a few levels deep'),
    ]);
  });

  it.each([
    ['[RGPD, Email Opt Out]', 'columns.acceptTerms.1', 'Email Opt Out'],
    ['Unsubscribed', 'columns.acceptTerms', 'Unsubscribed'],
    ['{ join: [Lista Robinson, RGPD] }', 'columns.acceptTerms.join.0', 'Lista Robinson'],
    ['Do Not Call', 'columns.acceptTerms', 'Do Not Call'],
    ['No llamar', 'columns.acceptTerms', 'No llamar'],
    ['HasOptedOutOfEmail', 'columns.acceptTerms', 'HasOptedOutOfEmail'],
  ])('refuses an opt-out as consent: %s', (source, path, header) => {
    expect(faultsOf(`columns: { acceptTerms: ${source} }`)).toEqual([
      `acme.yaml line 2, ${path}: expected a column in which a yes is a consent and not a no, got "${header}"`,
    ]);
  });

  it.each(['acceptTerms', 'dni', 'phone', 'email', 'partnerLeadId', 'leadId'])(
    'has no code table for %s: no code makes a consent or stands for a person',
    (field) => {
      expect(faultsOf(`codes: { ${field}: { algo: "1" } }`)).toEqual([
        `acme.yaml line 2, codes.${field}: expected a key that leadsync knows`,
      ]);
    },
  );

  it('refuses a partner that is not named as its file', () => {
    expect(() => parsePartner('acme', 'partner: norte', noTable, { leadFields })).toThrow(
      'acme.yaml line 1, partner: expected the file\'s own name, "acme", got "norte"',
    );
  });

  it('reads the agents by postal code, with a header or without, and gives both columns their zeros back', () => {
    const text = 'agent: { byPostalCode: agents.csv }';
    expect(parse(text, 'CP;Agente\r\n8014;51245\r\n28001;0000007\r\n').agent.byPostalCode).toEqual({
      '08014': '0051245',
      '28001': '0000007',
    });
    expect(parse(text, '08014,0051245').agent.byPostalCode).toEqual({ '08014': '0051245' });
  });

  it.each([
    [null, 'got no agents.csv'],
    ['', 'got none'],
    ['08014,0051245\n99999,1', 'record 2: expected a postal code, got "99999"'],
    ['08014,x', 'record 1: expected an agent'],
    ['08014,1\n8014,2', 'one agent a postal code'],
  ])('refuses the agents %j', (table, expected) => {
    expect(faultsOf('agent: { byPostalCode: agents.csv }', table).join()).toContain(expected);
  });

  it('has another version when the text or the agents change', () => {
    const text = 'agent: { byPostalCode: agents.csv }';
    const versions = [parse(text, '08014,1'), parse(text, '08014,2'), parse(`${text} # seen`, '08014,1')];
    expect(new Set(versions.map(({ version }) => version)).size).toBe(3);
    expect(parse(text, '08014,1').version).toBe(versions[0]?.version);
  });

  const examples = join(import.meta.dirname, '../../fixtures/partners');
  it.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))('reads the example %s', (name) => {
    const id = name.replace('.yaml', '');
    expect(parsePartner(id, readFileSync(join(examples, name), 'utf8'), noTable, { leadFields }).id).toBe(id);
  });
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, nifOf } from './leads-file.ts';

/** Files that mean harm, through a whole installation: what stands in them is text, and stays text everywhere. */

const config = `partner: acme
defaults: { motivoLlamada: "1", partner: Test }
consent: { accepted: ["sí"], refused: ["no"] }
agent: { default: "0051245" }
codes: { ramo: { Coche: "1" } }
files: { leads: { match: "*leads*.csv" } }
`;

const formula = '=HYPERLINK("//evil.example","ok")';

/** Each is a name that the API gets as it is, beside a partnerLeadId that is as bad. */
const evilTexts = [
  formula,
  `@SUM(1+1)*cmd|'/c calc'!A0`,
  `'; drop table ledger_row; --`,
  `\\'); select pg_sleep(60); --`,
  '$1 %s {0} ${process.exit()}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=a()>',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
];

const header =
  'partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad;ramo;__proto__;constructor;hasOwnProperty';
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const row = (n: number, { id = `H-${n}`, name = 'Persona Inventada', ramo = 'Coche', consent = 'sí' } = {}) =>
  [id, nifOf(n), name, `6${String(n).padStart(8, '0')}`, consent, ramo, 'x', '{"toString":1}', 'y']
    .map(quoted)
    .join(';');

const rows = [
  ...evilTexts.map((text, n) => row(n + 1, { id: `${text} ${n}`, name: text })),
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].flatMap((word, n) => [
    row(40 + n, { ramo: word }),
    row(50 + n, { consent: word }),
  ]),
  row(60, { name: 'Ana\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1' }),
  row(61, { name: 'x'.repeat(2_000_000) }),
  row(62, { id: 'y'.repeat(40_000) }),
  row(63, { name: '\u202Eanv\u202C \u0000\u0007\u001B[31mrojo' }),
];

let api: FakeLeadsApi;
let installation: Installation;
let service: LeadsyncProcess;
let url: string;

beforeAll(async () => {
  api = await startFakeLeadsApi((path, body, response) => {
    // What the API says is text, too.
    if (path !== '/alta-lead' || body['partnerLeadId'] !== `${formula} 0`) return false;
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ leadId: '=1+1', idLanding: '+2', message: formula, __proto__: { leadId: 'no' } }));
    return true;
  });
  installation = await createInstallation('hostile', api);
  await writeFile(join(installation.home, 'partners', 'acme.yaml'), config);
  service = startLeadsync(['run'], { ...installation.env, LOG_LEVEL: 'debug' });
  await service.ready();
  url = /^console +(\S+)$/m.exec(service.output())?.[1] ?? '';
});
afterAll(async () => {
  await service.end('SIGTERM');
  await installation.remove();
  await api.close();
});

const outbox = () => join(installation.home, 'outbox', 'acme');

async function resultOf(name: string): Promise<readonly Record<string, string>[]> {
  const found = await eventually(`the result of ${name}`, async () =>
    (await readdir(outbox()).catch(() => [])).find((one) => one.startsWith(`${name}.`) && one.endsWith('.results.csv')),
  );
  const text = await readFile(join(outbox(), found), 'utf8');
  return parse(text, { columns: true, delimiter: ';', bom: true, record_delimiter: '\r\n' }) as Record<
    string,
    string
  >[];
}

/** But line ends and tabs. */
const controlsIn = (text: string) => [...text].filter((letter) => /[^\P{C}\n\r\t]/u.test(letter));

describe('a file full of texts that mean something to somebody else', () => {
  it('is carried out as text: one create a row, each value as it stands in the file', async () => {
    await drop(join(installation.home, 'inbox'), 'acme', 'leads-evil.csv', [header, ...rows, ''].join('\n'));
    const result = await resultOf('leads-evil.csv');
    expect(result).toHaveLength(rows.length);
    const sent = api.creates.map(({ body }) => body as { name: string; partnerLeadId: string });
    for (const [n, text] of evilTexts.entries())
      expect(sent.filter(({ partnerLeadId }) => partnerLeadId === `${text} ${n}`).map(({ name }) => name)).toEqual([
        text,
      ]);
    // Words that every object has are no codes and no consent.
    const codeOf = (rowNumber: number) => result.find((line) => line['row'] === String(rowNumber))?.['code'];
    const words = Array.from({ length: 8 }, (_, n) => codeOf(evilTexts.length + 2 + n));
    expect(words).toEqual(Array.from({ length: 4 }, () => ['ROW_CODE_UNKNOWN', 'ROW_CONSENT_UNREADABLE']).flat());
  });

  it('does nothing to the database', async () => {
    const { rows: tables } = await sql<{ n: number }>`select count(*)::int as n from ledger_row`.execute(
      installation.database.db,
    );
    expect(tables[0]?.n).toBe(rows.length);
  });

  it('writes no cell into the result that a spreadsheet would run', async () => {
    const result = await resultOf('leads-evil.csv');
    const cells = result.flatMap((line) => Object.values(line));
    expect(cells.filter((cell) => /^\s*[=+\-@\t\r\0]/.test(cell))).toEqual([]);
    expect(cells).toContain(`'${formula} 0`);
  });

  it('shows nothing on the pages but as text, and lets no control character reach a terminal', async () => {
    for (const path of [
      '/',
      '/files',
      '/files/1',
      '/rows',
      ...Array.from({ length: 12 }, (_, n) => `/leads/${n + 1}`),
    ]) {
      const html = await (await fetch(url + path)).text();
      expect(html).not.toMatch(/<script>alert|<img src=x/);
    }
    for (const args of [['status'], ['rows', '--limit', '100'], ['lead', 'ls-6']]) {
      const { output } = await runLeadsync(args, installation.env);
      expect(controlsIn(output)).toEqual([]);
    }
    expect(controlsIn(service.output())).toEqual([]);
  });
});

describe('a file with a name that means something to somebody else', () => {
  it.each([
    `leads $(touch pwned) ;rm -rf ~ 'x' \`id\`.csv`,
    '=leads+1.csv',
    '-leads --help.csv',
    'leads %2e%2e%2f%2e%2e%2fetc.csv',
    'leads...csv',
    `leads ' or 1=1 --.csv`,
    'leads <b>x.csv',
  ])('is a file like any other: %s', async (name) => {
    const n = 100 + name.length;
    await drop(join(installation.home, 'inbox'), 'acme', name, `${header}\n${row(n, { id: name })}\n`);
    expect((await resultOf(name)).map(({ outcome }) => outcome)).toEqual(['registered']);
    // Other tests come and go there.
    expect((await readdir(dirname(installation.home))).filter((other) => /csv|etc/.test(other))).toEqual([]);
    expect(await readdir(process.cwd())).not.toContain('pwned');
  });
});

it.each(['../other', 'acme\n', '__proto__'])('no partner is called %j', async (partner) => {
  const file = join(installation.home, 'partners', 'acme.yaml');
  const ran = await runLeadsync(['import', file, '--partner', partner], installation.env);
  expect([ran.code, ran.output]).toEqual([2, expect.stringContaining('--partner: expected one of acme')]);
});

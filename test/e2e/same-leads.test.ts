import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { leadsCsv, plainPartner } from './leads-file.ts';

const rows = 1_000;

let api: FakeLeadsApi;
let the: Installation;

beforeEach(async () => {
  api = await startFakeLeadsApi();
  the = await createInstallation('same leads', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
});
afterEach(async () => {
  await the.remove();
  await api.close();
});

async function write(name: string, text: string): Promise<string> {
  const path = join(the.home, name);
  await writeFile(path, text);
  return path;
}

const importFile = (path: string, ...more: readonly string[]) =>
  runLeadsync(['import', path, '--partner', 'acme', ...more], the.env);

/** Another config, which makes the same bytes worth reading again. */
const configure = (lines: string) =>
  writeFile(join(the.home, 'partners/acme.yaml'), `${plainPartner('acme')}${lines}\n`);

describe('the same 1,000 leads', () => {
  it('are created once, however often their file is read under another config or by command', async () => {
    const path = await write('leads.csv', leadsCsv(rows, 'S-'));
    const first = await importFile(path);
    expect(first.code, first.output).toBe(0);
    expect(api.creates).toHaveLength(rows);

    const again = await importFile(path);
    expect(again.output).toContain('FILE_ALREADY_IMPORTED');
    const byCommand = await importFile(path, '--again');
    expect(byCommand.code, byCommand.output).toBe(0);
    for (const config of ['canal: { client: WEB-C, prospect: WEB-P }', 'columns: { postalcode: [Código postal] }']) {
      await configure(config);
      const read = await importFile(path);
      expect(read.code, read.output).toBe(0);
    }
    expect(api.creates).toHaveLength(rows);
    const { stdout } = await runLeadsync(['status', '--json'], the.env);
    const { rows: counts } = JSON.parse(stdout) as { rows: { lead: Record<string, number> } };
    expect(counts.lead).toMatchObject({ registered: rows, duplicate: 3 * rows });
  }, 180_000);

  it('are created once when two processes read them at once from two files', async () => {
    const text = leadsCsv(rows, 'T-');
    const [header = '', ...lines] = text.trimEnd().split('\n');
    const one = await write('leads-one.csv', text);
    const two = await write('leads-two.csv', `${[header, ...lines.toReversed()].join('\n')}\n`);
    const both = await Promise.all([importFile(one), importFile(two)]);
    for (const { code, output } of both) expect(code, output).toBe(0);
    expect(new Set(api.creates.map((lead) => lead.partnerLeadId)).size).toBe(rows);
    expect(api.creates).toHaveLength(rows);
  }, 180_000);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { leadsCsv } from './leads-file.ts';

let api: FakeLeadsApi;
let installation: Installation;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  installation = await createInstallation('updates-import', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
});
afterAll(async () => {
  await api.close();
  await installation.remove();
});

async function importFile(name: string, text: string) {
  const path = join(installation.home, name);
  await writeFile(path, text);
  return runLeadsync(['import', path, '--partner', 'acme'], installation.env);
}

it(
  'an import stays for updates that wait for each other, and a lead shows its whole life',
  { timeout: 120_000 },
  async () => {
    expect((await importFile('leads.csv', leadsCsv(2, 'U-'))).code).toBe(0);
    const rows = ['5', '7', '9', '20'].flatMap((estado) => [
      `U-1;${estado};Nota ${estado}`,
      `U-2;${estado};Nota ${estado}`,
    ]);
    const imported = await importFile('updates.csv', ['partnerLeadId;estado;observacion', ...rows, ''].join('\n'));
    expect(imported.code, imported.output).toBe(0);
    expect(imported.stdout).toContain('settled');
    for (const { partnerLeadId, leadId } of api.creates) {
      const sent = api.updates.filter((update) => update.leadId === leadId).map(({ estado }) => estado);
      expect(sent, partnerLeadId).toEqual(['5', '7', '9', '20']);
    }

    const { stdout } = await runLeadsync(['lead', 'U-1', '--json'], installation.env);
    const [life] = JSON.parse(stdout) as {
      updates: {
        estado: string;
        state: string;
        history: { action: string }[];
        attemptsMade: { httpStatus: number }[];
      }[];
    }[];
    expect(life?.updates.map(({ estado, state }) => [estado, state])).toEqual([
      ['5', 'pushed'],
      ['7', 'pushed'],
      ['9', 'pushed'],
      ['20', 'pushed'],
    ]);
    for (const update of life?.updates ?? []) {
      expect(update.history.map(({ action }) => action)).toContain('row.answered');
      expect(update.attemptsMade).toMatchObject([{ httpStatus: 200 }]);
    }
    const page = await runLeadsync(['lead', 'U-1'], installation.env);
    expect(page.stdout).toMatch(/update estado 20, row \d+.*push begun/);
  },
);

it('an import ends and says so where an update waits for something that nobody knows of', async () => {
  const imported = await importFile('updates-early.csv', 'partnerLeadId;estado;observacion\nNEVER-CAME;5;Nota\n');
  expect(imported.code).toBe(1);
  expect(imported.output).toContain('tried again later');
});

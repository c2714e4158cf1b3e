import { chmod, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakeLeadsApi, type FakeLeadsApi } from '../../support/fake-leads-api.ts';
import { runLeadsync } from '../../support/leadsync-process.ts';
import { createInstallation, type Installation } from '../../e2e/installation.ts';
import { plainPartner } from '../../e2e/leads-file.ts';

let api: FakeLeadsApi;
let the: Installation;
const secretFile = () => join(the.home, 'partners', 'acme.secret');

beforeAll(async () => {
  api = await startFakeLeadsApi();
  the = await createInstallation('doctor', api);
  const webhook = 'webhook: { url: "https://crm.example.com/hook", secrets: acme.secret }\n';
  await writeFile(join(the.home, 'partners', 'acme.yaml'), `${plainPartner('acme')}\n${webhook}`);
  await writeFile(secretFile(), `whsec_${Buffer.alloc(32, 1).toString('base64')}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await the.remove();
  await api.close();
});

async function doctor() {
  const { code, stdout, output } = await runLeadsync(['doctor', '--json'], the.env);
  expect(output).not.toContain('whsec_AQ');
  return { code, findings: JSON.parse(stdout) as readonly { name: string; ok: boolean; says: string }[] };
}

it('warns of a webhook secret that others can read, and finds fault with one that is none', async () => {
  const good = await doctor();
  expect([good.code, good.findings.filter(({ name }) => name === 'webhook' || name === 'warning')]).toEqual([0, []]);
  await chmod(secretFile(), 0o644);
  const open = await doctor();
  const warning = open.findings.find(({ name }) => name === 'warning');
  expect([open.code, warning?.says]).toEqual([
    0,
    expect.stringContaining('acme.secret: expected a file that only its'),
  ]);
  expect(warning?.says).toContain('mode 0644 (chmod 600 it)');
  await rename(secretFile(), `${secretFile()}.away`);
  const gone = await doctor();
  expect(gone.code).toBe(2);
  expect(gone.findings).toContainEqual({
    name: 'webhook',
    ok: false,
    says: expect.stringContaining('nothing is posted'),
  });
  await rename(`${secretFile()}.away`, secretFile());
  await chmod(secretFile(), 0o600);
});

it('looks at archive and rejected, too', async () => {
  const folder = join(the.home, 'archive', 'acme');
  await rename(folder, `${folder}-away`);
  await writeFile(folder, 'in the way', { mode: 0o400 });
  const { code, findings } = await doctor();
  expect(code).toBe(2);
  expect(findings.filter(({ ok }) => !ok)).toEqual([
    { name: 'folder', ok: false, says: `${folder}: expected a folder that can be written` },
  ]);
});

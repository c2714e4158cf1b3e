import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { createInstallation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

/** By the sandbox's rule: of each ten people in a row one is another partner's client, and one is nobody's to manage. */
const rows = 60;
const created = (rows / 10) * 8;
const createdLater = 8;

interface Listed {
  readonly id: string;
  readonly partnerLeadId: string;
  readonly leadId: string | null;
}

it(
  'gives leads in doubt their leadIds by the Ficha Gestión, and lets others go again only by a listing that proves it',
  { timeout: 180_000 },
  async () => {
    const installation = await createInstallation(
      'reconcile',
      { url: 'http://127.0.0.1:1' },
      { LEADSYNC_QUEUE_BACKEND: 'postgres' },
    );
    onTestFinished(() => installation.remove());
    const ofTables = { ...installation.env, DATABASE_URL: installation.adminUrl };
    const sandbox = startLeadsync(['sandbox', '--port', '0'], ofTables);
    onTestFinished(async () => void (await sandbox.end('SIGTERM')));
    await sandbox.says('LEADS_API_VERSION=');
    const url = /^Leads API sandbox at (\S+)$/m.exec(sandbox.stdout())?.[1] ?? '';
    const env = { ...installation.env, LEADS_API_URL: url };
    const order = async (faults: unknown): Promise<void> => {
      const { ok } = await fetch(`${url}/__sandbox/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ seed: 42, faults }),
      });
      expect(ok).toBe(true);
    };
    const listing = async (name: string, change: (text: string) => string = (text) => text) => {
      const response = await fetch(`${url}/ficha-gestion.csv`);
      const path = join(installation.home, name);
      await writeFile(path, change(await response.text()));
      return { path, asOf: response.headers.get('x-listing-as-of') ?? '' };
    };
    const command = (...args: string[]) => runLeadsync(args, env);
    const inState = async (state: string) =>
      JSON.parse((await command('rows', '--state', state, '--limit', '1000', '--json')).stdout) as Listed[];
    const reconcile = (taken: { path: string; asOf: string }, ...more: string[]) =>
      command('reconcile', taken.path, '--as-of', taken.asOf, '--reason', 'listing of the insurer', ...more);

    // Some answers are lost after the lead exists, and some requests before it does.
    await order([
      { endpoint: 'altaLead', effect: 'drop_after_effect', nth: 3, times: 6 },
      { endpoint: 'altaLead', effect: 'reset_before_effect', nth: 20, times: 4 },
    ]);
    await drop(join(installation.home, 'inbox'), 'acme', 'leads.csv', leadsCsv(rows));
    const service = startLeadsync(['run'], env);
    onTestFinished(async () => void (await service.end('SIGTERM')));
    await installation.results('acme', 'leads.csv');
    const doubts = await inState('in_doubt');
    expect(doubts).toHaveLength(10);

    // A listing proves absence by being whole and late enough. These are not.
    const early = await listing('early.csv');
    for (const taken of [
      { ...early, asOf: new Date(Date.parse(early.asOf) - 3_600_000).toISOString() },
      await listing('cut-off.csv', (text) => text.slice(0, text.length / 2)),
      await listing('of-somebody-else.csv', (text) => text.replaceAll(/;T-(\d+);/g, ';Z-$1;')),
    ]) {
      const { stdout } = await reconcile(taken, '--complete', '--dry-run');
      expect(stdout).not.toContain('back to work');
    }

    // The whole one gives six their leadIds; four are sent again once nothing of the first request can arrive.
    const { code, stdout } = await reconcile(early);
    expect([code, stdout]).toEqual([1, expect.stringContaining('6 registered · 0 back to work')]);
    await order([]);
    // A listing must have leads from after the doubts, or it may have been cut off before them.
    await drop(join(installation.home, 'inbox'), 'acme', 'leads-later.csv', leadsCsv(10, 'U-'));
    await installation.results('acme', 'leads-later.csv');
    await eventually('a listing that is late enough', async () => {
      const said = await reconcile(await listing('late.csv'), '--complete');
      return said.stdout.includes('4 back to work');
    });
    await eventually('every lead', async () => (await inState('registered')).length === created + createdLater);
    await service.end('SIGTERM');

    const { path } = await listing('at-the-end.csv');
    const lines = (await readFile(path, 'utf8')).replace('\uFEFF', '').trimEnd().split('\r\n').slice(1);
    const atInsurer = new Map(lines.map((line) => [line.split(';')[1], line.split(';')[0]]));
    expect(lines).toHaveLength(created + createdLater);
    expect(atInsurer.size).toBe(created + createdLater);
    for (const { partnerLeadId, leadId } of await inState('registered'))
      expect(atInsurer.get(partnerLeadId)).toBe(leadId);
    expect((await command('audit', 'verify')).code).toBe(0);
  },
);

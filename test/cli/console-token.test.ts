import { readFileSync, statSync } from 'node:fs';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerConsoleToken } from '../../src/cli/console-token.ts';
import { openMachineUsers } from '../../src/main/machine-users.ts';
import { openTokenDesk } from '../../src/main/open-token-desk.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { runCommand } from './a-cli.ts';

let scratch: ScratchFolder;
let path: string;
beforeEach(async () => {
  scratch = await scratchFolder();
  path = join(scratch.path, 'home', 'console-machines.json');
});
afterEach(() => scratch.remove());

const run = (...args: readonly string[]) =>
  runCommand(['console-token', ...args], {
    more: [(program, cli) => registerConsoleToken(program, cli, async () => openTokenDesk(path))],
  });
const events: unknown[] = [];
const machines = () => openMachineUsers(path, { event: (name, fields) => void events.push([name, fields]) });

describe('leadsync console-token', () => {
  it('makes a token that is shown once, kept as a hash, and good at once', async () => {
    const known = machines();
    const { code, stdout, stderr } = await run('make', 'crm', '--role', 'operator', '--days', '30');
    expect([code, stderr.includes('shown this once')]).toEqual([0, true]);
    expect(stdout).toMatch(/^leadsync_[\w-]{43}$/);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(stdout.slice('leadsync_'.length));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const found = known.find(stdout);
    expect(found).toMatchObject({ name: 'crm', role: 'operator' });
    expect((found?.expiresAt?.getTime() ?? 0) - (found?.madeAt.getTime() ?? 0)).toBe(30 * 24 * 3_600_000);
    expect(known.find(`${stdout}x`)).toBeNull();
  });

  it('lists who has one, without anything of it, and takes it away at once', async () => {
    const known = machines();
    const { stdout: token } = await run('make', 'grafana');
    await run('make', 'crm', '--role', 'admin');
    expect(known.find(token)?.name).toBe('grafana');
    const listed = JSON.parse((await run('list', '--json')).stdout);
    expect(listed.map(Object.keys)).toEqual([
      ['name', 'role', 'madeAt', 'expiresAt'],
      ['name', 'role', 'madeAt', 'expiresAt'],
    ]);
    expect((await run('list')).stdout).toMatch(/^grafana +viewer +\d{4}-\d\d-\d\d +revoked$/m);
    expect((await run('revoke', 'grafana')).code).toBe(0);
    expect(known.find(token)).toBeNull();
    expect((await run('revoke', 'grafana')).stderr).toContain('expected one of crm');
  });

  it.each([
    [['make', 'two words'], 'NAME: expected'],
    [['make', 'ana@example.com'], 'USAGE_PERSONAL_DATA'],
    [['make', 'crm', '--role', 'boss'], 'viewer, operator, admin'],
    [['make', 'crm', '--days', '0'], '--days: expected'],
    [['make', 'crm', '--days', '4000'], '--days: expected at most'],
  ])('refuses %j with exit 2', async (args, said) => {
    const { code, stderr, stdout } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  it('changes the list one at a time: what one revokes no other brings back, and what one makes none loses', async () => {
    const { stdout: leaked } = await run('make', 'leaked', '--role', 'admin');
    const names = Array.from({ length: 10 }, (_, n) => `machine-${n}`);
    const done = await Promise.all([...names.map((name) => run('make', name)), run('revoke', 'leaked')]);
    expect(done.map(({ code }) => code)).toEqual(done.map(() => 0));
    const listed = JSON.parse((await run('list', '--json')).stdout) as { name: string }[];
    expect(listed.map(({ name }) => name).toSorted()).toEqual(names);
    expect(machines().find(leaked)).toBeNull();
    const twice = await Promise.all([run('make', 'crm'), run('make', 'crm')]);
    expect(twice.map(({ code }) => code).toSorted((one, other) => one - other)).toEqual([0, 2]);
    expect(await readdir(dirname(path))).toEqual([basename(path)]);
  });

  it('says what to remove where a change broke off', async () => {
    await run('make', 'crm');
    await writeFile(`${path}.new`, '');
    const change = openTokenDesk(path, { patienceMs: 0 }).change(() => []);
    await expect(change).rejects.toThrow(`broke off: remove ${path}.new`);
    expect(JSON.parse((await run('list', '--json')).stdout)).toMatchObject([{ name: 'crm' }]);
  });

  it('gives no second token to a name that has one', async () => {
    await run('make', 'crm');
    const again = await run('make', 'crm', '--role', 'admin');
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('leadsync console-token revoke crm');
  });
});

describe('a file of machine users', () => {
  it('that others may write, or that is something else, keeps a console from starting', async () => {
    await run('make', 'crm');
    await chmod(path, 0o620);
    expect(machines).toThrow(/CONSOLE_MACHINES: .*mode 0620 \(chmod 600 it\)/);
    await expect(run('make', 'grafana')).rejects.toThrow(/CONSOLE_MACHINES: .*mode 0620 \(chmod 600 it\)/);
    await chmod(path, 0o600);
    for (const text of ['{"geheim": 1}', 'geheim', '[{"name":"crm","role":"admin","token":"geheim"}]']) {
      await writeFile(path, text);
      expect(machines).toThrow(/CONSOLE_MACHINES: expected/);
      expect(() => machines()).not.toThrow(/geheim/);
    }
  });

  it('that is broken while a console runs lets nobody in, says so once, and counts again when it is mended', async () => {
    const { stdout: token } = await run('make', 'crm');
    const known = machines();
    const text = readFileSync(path, 'utf8');
    expect(known.find(token)).not.toBeNull();
    events.length = 0;
    await writeFile(path, '[');
    expect([known.find(token), known.find(token)]).toEqual([null, null]);
    expect(events).toEqual([['machineUsersRefused', { code: 'CONFIG_INVALID' }]]);
    await writeFile(path, text);
    expect(known.find(token)?.name).toBe('crm');
  });
});

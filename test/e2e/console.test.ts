import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aUser, formTokenIn, password } from '../console/a-console.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

const users = JSON.stringify([aUser('ana', 'operator')]);

let api: FakeLeadsApi;
let installation: Installation;
beforeAll(async () => {
  api = await startFakeLeadsApi();
  installation = await createInstallation('console', api);
});
afterAll(async () => {
  await installation.remove();
  await api.close();
});

/** Settings of the ledger alone: no API. */
function withoutApi(): Record<string, string> {
  return Object.fromEntries(Object.entries(installation.env).filter(([name]) => !name.startsWith('LEADS_API_')));
}

const urlOf = (process: LeadsyncProcess) => /^console +(\S+)$/m.exec(process.output())?.[1] ?? '';

async function started(args: readonly string[], env: Readonly<Record<string, string>>): Promise<LeadsyncProcess> {
  const process = startLeadsync(args, env);
  await process.ready();
  return process;
}

/** As a browser does it; answers the session's cookie. */
async function logIn(url: string): Promise<string> {
  const form = await fetch(`${url}/login`);
  const token = formTokenIn(await form.text());
  const cookie = form.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body: new URLSearchParams({ form: token, name: 'ana', password, next: '/files' }),
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/files']);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function takenPort(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

describe('leadsync run', () => {
  it('shows what it does in its console, and how its calls went', async () => {
    const service = await started(['run'], installation.env);
    const url = urlOf(service);
    const get = async (path: string) => (await fetch(url + path)).text();
    await drop(join(installation.home, 'inbox'), 'acme', 'leads-monday.csv', leadsCsv(3));
    await installation.results('acme', 'leads-monday.csv');
    const overview = await eventually('the file on the overview', async () => {
      const page = await get('/');
      return page.includes('100 % of 3') ? page : null;
    });
    expect(overview).toContain('All is well: nothing needs a person');
    expect(overview).toContain('leads-monday.csv');
    const metrics = await eventually('its calls', async () => {
      const text = await get('/metrics');
      return text.includes('leadsync_api_calls_total{endpoint="altaLead",outcome="answered"} 3') ? text : null;
    });
    expect(metrics).toContain('leadsync_services_alive{role="worker"} 1');
    expect(await service.end('SIGTERM')).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('is told what to do by who is logged in, shows its queues, and is not kept by a page that is live', async () => {
    const service = await started(['run'], { ...installation.env, CONSOLE_USERS: users });
    const url = urlOf(service);
    const cookie = await logIn(url);
    const get = (path: string, headers = {}) =>
      fetch(url + path, { headers: { cookie, ...headers }, redirect: 'manual' });
    const board = (await (await get('/queues/api/queues')).json()) as { queues: { name: string }[] };
    expect(board.queues.map(({ name }) => name)).toContain('register-lead');
    const token = formTokenIn(await (await get('/')).text());
    const post = (path: string) =>
      fetch(url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie },
        body: new URLSearchParams({ form: token, reason: 'a new export' }),
      });
    const paused = await post('/partners/acme/pause');
    expect(paused.status).toBe(303);
    await drop(join(installation.home, 'inbox'), 'acme', 'leads-tuesday.csv', leadsCsv(2, 'U-'));
    await eventually('its rows wait', async () => {
      const page = await (await get('/')).text();
      return page.includes('leads-tuesday.csv') && /work of acme is paused/i.test(page);
    });
    const live = await get('/live/overview', { accept: 'text/event-stream' });
    const events = live.body?.getReader();
    expect(new TextDecoder().decode((await events?.read())?.value)).toContain('retry:');
    expect((await post('/partners/acme/resume')).status).toBe(303);
    await installation.results('acme', 'leads-tuesday.csv');
    expect(await service.end('SIGTERM')).toBe(0);
  });

  it('lets in machines over the wire as soon as they have a token, and no longer, and does once what comes twenty times', async () => {
    const service = await started(['run'], installation.env);
    const tokenOf = async (name: string, role: string) => {
      const made = await runLeadsync(['console-token', 'make', name, '--role', role], installation.env);
      return /leadsync_[\w-]{43}/.exec(made.output)?.[0] ?? '';
    };
    const [viewer, crm] = [await tokenOf('grafana', 'viewer'), await tokenOf('crm', 'operator')];
    const ask = (token: string, path: string, body?: unknown) =>
      fetch(`${urlOf(service)}/api${path}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'k-1' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
    await drop(join(installation.home, 'inbox'), 'acme', 'leads-wednesday.csv', leadsCsv(1, 'W-'));
    await installation.results('acme', 'leads-wednesday.csv');
    const { rows } = (await (await ask(viewer, '/rows?state=registered&limit=1')).json()) as { rows: { id: string }[] };
    const updates = [{ lead: `ls-${rows[0]?.id}`, estado: '7', observacion: 'Cita concertada' }];
    expect((await ask(viewer, '/updates', { updates })).status).toBe(403);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(crm, '/updates', { updates })));
    expect(answers.filter(({ status }) => ![200, 409].includes(status))).toEqual([]);
    const done = answers.filter(({ status, headers }) => status === 200 && !headers.has('idempotency-replayed'));
    expect(await Promise.all(done.map((answer) => answer.json()))).toMatchObject([{ entered: 1, refused: 0 }]);
    expect(await (await ask(viewer, '/rows?kind=updates')).json()).toMatchObject({ all: 1 });
    expect((await runLeadsync(['console-token', 'revoke', 'crm'], installation.env)).code).toBe(0);
    expect([(await ask(crm, '/status')).status, (await ask(viewer, '/status')).status]).toEqual([401, 200]);
    expect(await service.end('SIGTERM')).toBe(0);
    expect(service.output()).not.toMatch(/leadsync_[\w-]{43}/);
  });

  it('goes on without a console where another process has its port', async () => {
    const { port, server } = await takenPort();
    const service = await started(['run'], { ...installation.env, CONSOLE_PORT: String(port) });
    expect(urlOf(service)).toBe('');
    expect(service.output()).toContain('this process has no console: its port is taken');
    expect(await service.end('SIGTERM')).toBe(0);
    server.close();
  });
});

describe('leadsync run --roles console', () => {
  it('needs no API, does no work, and is left within moments', async () => {
    const alone = await started(['run', '--roles', 'console'], withoutApi());
    const page = await (await fetch(urlOf(alone))).text();
    expect(page).toContain('leads-monday.csv');
    expect(page).toContain('No service that takes in files is alive');
    expect(await (await fetch(`${urlOf(alone)}/readyz`)).json()).toEqual({ status: 'ready' });
    expect(await alone.end('SIGTERM')).toBe(0);
    expect(alone.output()).not.toMatch(/^ {4}at /m);
  });

  it('lets in who knows the password, over the wire', async () => {
    const alone = await started(['run', '--roles', 'console'], { ...withoutApi(), CONSOLE_USERS: users });
    const url = urlOf(alone);
    const session = await logIn(url);
    expect((await fetch(`${url}/files`, { headers: { cookie: session }, redirect: 'manual' })).status).toBe(200);
    expect((await fetch(`${url}/files`, { redirect: 'manual' })).status).toBe(303);
    expect(await alone.end('SIGTERM')).toBe(0);
    expect(alone.output()).not.toContain(password);
  });

  it.each([
    [
      'to be reached from elsewhere without users',
      { CONSOLE_HOST: '0.0.0.0' },
      'CONSOLE_USERS: expected users with CONSOLE_HOST=0.0.0.0',
    ],
    [
      'behind a proxy without users',
      { CONSOLE_URL: 'https://leads.example' },
      'CONSOLE_USERS: expected users with CONSOLE_URL',
    ],
    [
      'with a password in clear',
      { CONSOLE_USERS: '[{"name":"ana","role":"viewer","password":"geheim geheim"}]' },
      '`leadsync console-user`',
    ],
  ])('refuses %s, with exit 2', async (_what, env, said) => {
    const { code, output } = await runLeadsync(['run', '--roles', 'console'], { ...withoutApi(), ...env });
    expect([code, output.includes(said), output.includes('geheim')]).toEqual([2, true, false]);
  });

  it('ends with exit 2 where its port is taken', async () => {
    const { port, server } = await takenPort();
    const env = { ...withoutApi(), CONSOLE_PORT: String(port) };
    const { code, output } = await runLeadsync(['run', '--roles', 'console'], env);
    expect([code, output.includes(`got EADDRINUSE for ${port}`)]).toEqual([2, true]);
    server.close();
  });
});

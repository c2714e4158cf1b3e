import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEnvironment } from '../../../src/config/environment.ts';
import { openApi } from '../../../src/main/open-api.ts';
import { call, lead } from '../../adapters/leads-api/api-under-test.ts';
import { createTestDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { runLeadsync, startLeadsync } from '../../support/leadsync-process.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

let database: TestDatabase;
let home: Awaited<ReturnType<typeof scratchFolder>>;
let env: Record<string, string>;

beforeAll(async () => {
  [database, home] = await Promise.all([createTestDatabase('sandbox command'), scratchFolder()]);
  env = {
    DATABASE_URL: database.url,
    LEADSYNC_HOME: home.path,
    LEADSYNC_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
  };
});

afterAll(async () => {
  await database.drop();
  await home.remove();
});

/** Starts it, hands over what it printed, and ends it. */
async function whileItRuns(args: readonly string[], look: (printed: string, url: string) => Promise<void>) {
  const started = startLeadsync(['sandbox', '--port', '0', ...args], env);
  try {
    await started.says('LEADS_API_VERSION=');
    const url = /^Leads API sandbox at (\S+)$/m.exec(started.stdout())?.[1];
    if (url === undefined) throw new Error(started.output());
    await look(started.stdout(), url);
  } finally {
    expect(await started.end('SIGTERM')).toBe(0);
  }
}

/** The lines that point leadsync at it, as a person would paste them. */
function environmentOf(printed: string): Record<string, string> {
  return Object.fromEntries(
    [...printed.matchAll(/^ {2}(LEADS_API_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

test('says where to look, and each of the places is there', async () => {
  await whileItRuns([], async (printed, url) => {
    for (const path of ['/docs', '/ficha-gestion', '/openapi.json']) {
      expect(printed).toContain(url + path);
      expect((await fetch(url + path)).status, path).toBe(200);
    }
  });
});

describe('points leadsync at it', () => {
  test.each([
    [['--auth', 'none']],
    [['--auth', 'basic', '--client-secret', "it's#secret"]],
    [['--auth', 'api-key']],
    [['--auth', 'oauth2', '--client-id', 'somebody']],
    [['--auth', 'oauth2', '--scopes', 'read,write', '--require-scope', 'altaLead=write']],
    [['--auth', 'oauth2', '--require-scope', 'altaLead=write', '--require-scope', 'updateLead=write']],
  ])('%j', async (args) => {
    await whileItRuns(args, async (printed) => {
      const pasted = environmentOf(
        printed.replaceAll(/'(.*)'$/gm, (_all, text: string) => text.replaceAll(String.raw`'\''`, "'")),
      );
      const config = readEnvironment({ ...env, ...pasted }, { checkout: home.path });
      if (config.api === null) throw new Error(printed);
      const api = openApi(config.api, config.environment);
      expect((await api.createLead({ ...lead, dni: '12345601X' }, call())).outcome.kind).toBe('answered');
      await api.close();
    });
  });
});

test('makes a secret of its own each time', async () => {
  const secrets: (string | undefined)[] = [];
  for (const _ of [1, 2]) {
    await whileItRuns(['--auth', 'basic'], async (printed) => {
      secrets.push(environmentOf(printed)['LEADS_API_CLIENT_SECRET']);
    });
  }
  expect(secrets[0]).toMatch(/^[\w-]{24}$/);
  expect(secrets[1]).not.toBe(secrets[0]);
});

test('plays a scenario with a seed and a latency, and says so', async () => {
  await whileItRuns(['--scenario', 'rate-limited', '--seed', '42', '--latency', '5'], async (printed, url) => {
    expect(printed).toMatch(/scenario +rate-limited: A third/);
    expect(printed).toMatch(/seed +42/);
    expect(await (await fetch(`${url}/__sandbox/faults`)).json()).toMatchObject({
      scenario: 'rate-limited',
      seed: 42,
      latencyMs: 5,
    });
  });
});

test('listens beyond this machine with a login', async () => {
  await whileItRuns(['--host', '0.0.0.0', '--auth', 'basic'], async (printed, url) => {
    expect(printed).toContain('LEADS_API_ALLOW_HTTP=true');
    expect((await fetch(`${url}/docs`)).status).toBe(401);
  });
});

test('ends tokens when it was told to, writes it as text, and permits what it was told to', async () => {
  const args = ['--auth', 'oauth2', '--client-secret', 's', '--token-life', '4', '--expires-in-as-text'];
  await whileItRuns([...args, '--may-call', 'clientData, updateLead'], async (printed, url) => {
    expect(printed).toMatch(/^ {2}may call +clientData, updateLead$/m);
    expect(printed).toMatch(/^ {2}token life +4 s$/m);
    const answer = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'leadsync', client_secret: 's' }),
    });
    const { access_token: token, expires_in: life } = (await answer.json()) as Record<string, string>;
    expect(life).toBe('4');
    const post = (path: string) =>
      fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{}',
      });
    expect((await post('/alta-lead')).status).toBe(403);
    // Nothing signals the end of a token: it is asked until it has ended.
    await expect.poll(async () => (await post('/update-lead')).status, { timeout: 20_000 }).toBe(401);
  });
});

test('grants the scopes that it was given, asks for those that an endpoint needs, and says so in /docs', async () => {
  const args = ['--auth', 'oauth2', '--client-secret', 's', '--scopes', 'read, write'];
  await whileItRuns([...args, '--require-scope', 'altaLead=write'], async (printed, url) => {
    expect(printed).toMatch(/^ {2}scopes +read write$/m);
    expect(printed).toMatch(/^ {2}needed scopes +altaLead: write$/m);
    const ask = (scope: object) =>
      fetch(`${url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'leadsync',
          client_secret: 's',
          ...scope,
        }),
      });
    expect(await (await ask({ scope: 'root' })).json()).toMatchObject({ error: 'invalid_scope' });
    const statuses = [];
    for (const scope of [{ scope: 'read' }, {}]) {
      const { access_token: token } = (await (await ask(scope)).json()) as Record<string, string>;
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      for (const path of ['/alta-lead', '/client-data']) {
        statuses.push((await fetch(url + path, { method: 'POST', headers, body: '{}' })).status);
      }
    }
    expect(statuses).toEqual([403, 422, 422, 422]);
    const docs = await (await fetch(`${url}/docs`)).text();
    expect(docs).toMatch(/<code>read write<\/code> is granted/);
    expect(docs).toMatch(/<code>altaLead<\/code> needs <code>write<\/code>/);
  });
});

test('lists the scenarios', async () => {
  const { code, stdout } = await runLeadsync(['sandbox', '--list-scenarios'], {});
  expect(code).toBe(0);
  expect(stdout).toMatch(/^scenario +what happens\ncalm +Nothing goes wrong\.$/m);
  const { stdout: json } = await runLeadsync(['sandbox', '--list-scenarios', '--json'], {});
  expect(JSON.parse(json)).toContainEqual({ name: 'calm', does: 'Nothing goes wrong.', faults: [] });
});

describe('ends with exit 2 and one line', () => {
  test.each([
    [['--port', '0x10'], '0 to 65535'],
    [['--port', '65536'], '0 to 65535'],
    [['--seed', '1e3'], '0 to 4294967295'],
    [['--latency', '-5'], '0 to 600000'],
    [['--latency', ''], '0 to 600000'],
    [['--scenario', 'tuesday'], 'lost-answers'],
    [['--auth', 'digest'], 'oauth2'],
    [['--contract', '__proto__'], '1.2.5'],
    [['--host', '0.0.0.0'], '--auth'],
    [['--key', 'k'], '--auth api-key'],
    [['--auth', 'api-key', '--client-secret', 's'], '--auth basic'],
    [['--auth', 'basic', '--client-secret', ''], '--client-secret'],
    [['--auth', 'basic', '--client-id', 'a:b'], 'colon'],
    [['--client-id', 'somebody'], '--client-id: goes with --auth'],
    [['--json'], '--json: goes with --list-scenarios'],
    [['--may-call', 'clientData'], '--may-call: goes with --auth'],
    [['--auth', 'basic', '--may-call', 'clientData,everything'], 'clientData,altaLead,updateLead'],
    [['--auth', 'basic', '--token-life', '20'], '--token-life: goes with --auth oauth2'],
    [['--auth', 'oauth2', '--token-life', '0'], '1 to 31536000'],
    [['--auth', 'basic', '--scopes', 'read'], '--scopes: goes with --auth oauth2'],
    [['--auth', 'basic', '--require-scope', 'altaLead=write'], '--require-scope: goes with --auth oauth2'],
    [['--auth', 'oauth2', '--scopes', 'a b'], 'commas between them'],
    [['--auth', 'oauth2', '--scopes', ''], 'commas between them'],
    [['--auth', 'oauth2', '--require-scope', 'everything=write'], 'ENDPOINT=SCOPE'],
    [['--auth', 'oauth2', '--require-scope', 'altaLead'], 'ENDPOINT=SCOPE'],
    [
      ['--auth', 'oauth2', '--require-scope', 'altaLead=a', '--require-scope', 'altaLead=b'],
      'An endpoint needs one scope',
    ],
    [['--auth', 'oauth2', '--scopes', 'read', '--require-scope', 'altaLead=write'], 'is not among --scopes'],
    [['--auth', 'api-key', '--expires-in-as-text'], '--expires-in-as-text: goes with --auth oauth2'],
  ])('%j', async (args, word) => {
    const { code, output } = await runLeadsync(['sandbox', ...args], env);
    expect(code, output).toBe(2);
    expect(output).toContain(word);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  test('on a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, output } = await runLeadsync(['sandbox', '--port', String(port)], env);
    other.close();
    expect(code, output).toBe(2);
    expect(output).toContain(`--port: ${port} is taken`);
  });
});

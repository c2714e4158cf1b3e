import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cli } from '../../src/cli/cli.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { examineApi } from '../../src/main/doctor/examine-api.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { startProxy, tunnel } from '../adapters/leads-api/proxy-under-test.ts';
import { startStrangeApi } from '../conformance/strange-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const CLI = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));

let database: { readonly url: string; drop(): Promise<void> };
let sandbox: Sandbox;
let home: { readonly path: string; remove(): Promise<void> };

beforeAll(async () => {
  home = await scratchFolder();
  database = await createTestDatabase('doctor_api');
  sandbox = await startSandbox({ databaseUrl: database.url, port: 0 });
});

afterAll(async () => {
  await sandbox.close();
  await database.drop();
  await home.remove();
});

/** `leadsync doctor` with something on standard input. */
async function doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = '') {
  const child = spawn(process.execPath, [CLI, 'doctor', ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LEADSYNC_HOME: home.path,
      LEADS_API_URL: sandbox.url,
      LEADS_API_ENVIRONMENT: 'sandbox',
      LEADS_API_RATE_PER_SECOND: '0',
      ...env,
    },
  });
  child.stdin.end(input);
  // What a command refuses before it reads its input is not read to its end.
  child.stdin.on('error', () => {});
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

interface Told {
  readonly name: string;
  readonly level: string;
  readonly result: string;
}

async function counts(): Promise<SandboxState['counts']> {
  return ((await (await fetch(`${sandbox.url}/__sandbox/state`)).json()) as SandboxState).counts;
}

const production = {
  LEADS_API_URL: 'https://127.0.0.1:9',
  LEADS_API_ENVIRONMENT: 'production',
  DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
  LEADSYNC_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
};

describe('leadsync doctor --api', () => {
  test('tells finding by finding, creates nothing, and needs neither ledger nor queue', async () => {
    const before = await counts();
    const { code, stdout, stderr } = await doctor(['--api']);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^client-data\n {2}must {3}pass {2}answered +HTTP 200, answered$/m);
    expect(stdout).toMatch(/\d+ pass · 0 must fail · 0 should fail · \d+ seen · \d+ skipped · 14 calls\n$/);
    expect(stderr).toMatch(/NIF …601Y: at most 15 calls one after another, without a limit; nothing is created/);
    expect(await counts()).toMatchObject({ leads: before.leads, updates: before.updates });
  });

  test('with --write creates test leads and names them, as JSON of one shape', async () => {
    const { code, stdout, stderr } = await doctor(['--api', '--write', '--yes', '--json']);
    expect(code, stderr).toBe(0);
    const findings = JSON.parse(stdout) as Told[];
    for (const finding of findings) {
      expect(Object.keys(finding)).toEqual(['name', 'level', 'spec', 'result', 'expected', 'got', 'set', 'calls']);
    }
    expect(new Set(findings.map(({ name }) => name)).size).toBe(findings.length);
    expect(stderr).toMatch(/up to \d+ leads named "PRUEBA LEADSYNC" may be created/);
    expect((await counts()).leads).toBeGreaterThan(10);
  });

  test('takes agent, name and other fields of the test leads', async () => {
    const args = ['--api', '--write', '--agent', '0099999', '--name', 'PRUEBA LEADSYNC acme', '--field', 'ramo=coche'];
    const { code, stdout } = await doctor([...args, '--json']);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Told[]).find(({ name }) => name === 'alta-lead.created')).toMatchObject({
      result: 'fail',
      got: expect.stringContaining('ramo must'),
      set: expect.stringContaining('--field'),
    });
  });

  test('goes through the proxy that is set, and says so without its password', async () => {
    const proxy = await startProxy((socket) => tunnel(socket, sandbox.url));
    const LEADS_API_PROXY = proxy.url.replace('://', '://ana:proxy-secret@');
    const { code, stdout, stderr } = await doctor(['--api'], { LEADS_API_PROXY });
    await proxy.close();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^ {2}must {3}pass {2}proxy +calls go through 127\.0\.0\.1, port \d+/m);
    expect(stdout + stderr).not.toContain('proxy-secret');
    expect(proxy.asked).toHaveLength(2);
  });

  test('reads the NIF from standard input and shows its last four characters only', async () => {
    const { code, stdout, stderr } = await doctor(
      ['--api', '--nif', '-'],
      { LEADS_API_ENVIRONMENT: 'test' },
      '12345603-p\n',
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('NIF …603P');
    expect(stdout + stderr).not.toContain('12345603');
  });

  test('ends with 1 where a must fails, and says what to set', async () => {
    const api = await startStrangeApi(() => ({ status: 401, body: { message: 'Unauthorized' } }));
    const { code, stdout } = await doctor(['--api'], { LEADS_API_URL: api.url });
    await api.close();
    expect(code).toBe(1);
    expect(stdout).toMatch(/must {3}FAIL {2}accepted +HTTP 401, credentials not/);
    expect(stdout).toMatch(/→ LEADS_API_AUTH with its/);
  });

  test('keeps to LEADS_API_RATE_PER_SECOND', async () => {
    const at: number[] = [];
    const api = await startStrangeApi(() => (at.push(performance.now()), null));
    await doctor(['--api'], { LEADS_API_URL: api.url, LEADS_API_RATE_PER_SECOND: '20' });
    await api.close();
    expect(at).toHaveLength(14);
    const [first = 0] = at;
    // Thirteen pauses of 50 ms, less what the first call may have been late.
    expect((at.at(-1) ?? 0) - first).toBeGreaterThan(10 * 50);
  });

  test('says that it waits, and what it was asked for', async () => {
    let isFirst = true;
    const api = await startStrangeApi(() => {
      const busy = isFirst ? { status: 429, headers: { 'retry-after': '1' }, body: { message: 'Busy' } } : null;
      isFirst = false;
      return busy;
    });
    const { stderr } = await doctor(['--api'], { LEADS_API_URL: api.url });
    await api.close();
    expect(stderr).toMatch(/^(leadsync: )?asked to come back later \(Retry-After: 1\), waiting 1 s$/m);
  });

  test.each([
    ['a NIF as an argument, which is not repeated', ['--api', '--nif', '12345603P'], {}, /USAGE_PERSONAL_DATA/],
    ['no NIF outside the sandbox', ['--api'], { LEADS_API_ENVIRONMENT: 'test' }, /--nif: expected - with a NIF/],
    ['something that is no NIF', ['--api', '--nif', '-'], {}, /--nif: expected a NIF; got something else \(control\)/],
    ['--write in production', ['--api', '--write', '--yes', '--nif', '-'], production, /expected --really-write/],
    ['--write alone', ['--write'], {}, /--write: expected --api/],
    ['--yes without --write', ['--api', '--yes'], {}, /--yes: expected --api --write/],
    ['a name that looks like a person', ['--api', '--write', '--name', 'Nadie'], {}, /begins with "PRUEBA LEADSYNC"/],
    ['a field that there is not', ['--api', '--write', '--field', 'color=red'], {}, /--field color: expected one of/],
    ['a NIF as a field', ['--api', '--write', '--field', 'dni=12345603P'], {}, /USAGE_PERSONAL_DATA.*use --nif -/],
    ['no API', ['--api'], { LEADS_API_URL: '', LEADS_API_ENVIRONMENT: '' }, /LEADS_API_URL: expected/],
  ] as const)('refuses %s with exit 2, before anything is sent', async (_name, args, env, says) => {
    const before = await counts();
    const { code, stdout, stderr } = await doctor(args, env, '12345603A\n');
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/12345603|^ {4}at /m);
    expect(stdout).toBe('');
    expect(await counts()).toEqual(before);
  });
});

describe('on a terminal', () => {
  /** Answers given in turn; what is asked. */
  async function examineAsked(answers: string[], options: Parameters<typeof examineApi>[2]) {
    const asked: string[] = [];
    const cli: Cli = {
      actor: 'cli:test',
      out: {
        width: 80,
        isTerminal: true,
        print: () => {},
        note: () => {},
        ask: async (question) => (asked.push(question), answers.shift() ?? ''),
        askNewSecret: () => Promise.reject(new Error('asked')),
      },
      openLedger: () => Promise.reject(new Error('opened the ledger')),
      startService: () => Promise.reject(new Error('started the service')),
      startConsole: () => Promise.reject(new Error('started the console')),
      untilToldToStop: async () => 'SIGTERM',
      end: () => {},
    };
    const env = { LEADS_API_URL: sandbox.url, LEADS_API_ENVIRONMENT: 'test', LEADSYNC_HOME: home.path };
    const isFit = await examineApi(cli, readEnvironment(env, { checkout: home.path }), options, false);
    return { asked, isFit };
  }

  test('a person is asked for the NIF, and before anything is created', async () => {
    const before = await counts();
    const { asked } = await examineAsked(['12345603P', 'n'], { api: true, write: true });
    expect(asked).toEqual([
      'NIF to ask the API about:',
      expect.stringMatching(/^Create up to \d+ test leads there\? \[y\/N\]$/),
    ]);
    expect(await counts()).toEqual(before);
  });

  test('and goes on with a yes', async () => {
    const { isFit } = await examineAsked(['12345603P', 'y'], { api: true, write: true });
    expect(isFit).toBe(true);
    expect((await counts()).leads).toBeGreaterThan(10);
  });
});

test('leadsync doctor --json alone is about the installation', async () => {
  const { stdout } = await doctor(['--json'], {
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    LEADSYNC_SECRET_KEY: production.LEADSYNC_SECRET_KEY,
  });
  const findings = JSON.parse(stdout) as { readonly name: string; readonly ok: boolean; readonly says: string }[];
  expect(findings.map(({ name }) => name)).toEqual(['runtime', 'home', 'api', 'ledger']);
  expect(findings.at(-1)).toMatchObject({ ok: false, says: expect.stringContaining('ECONNREFUSED') });
  expect(findings.find(({ name }) => name === 'api')?.says).toContain('leadsync doctor --api');
});

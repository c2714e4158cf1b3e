import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/app/ports/ledger.ts';
import { contracts } from '../../src/contract/index.ts';
import { runCommand } from '../cli/a-cli.ts';
import { leadsCsv } from '../e2e/leads-file.ts';
import { aConsole, aUser, fieldsOf, logIn, textOf, type Session, type TestConsole } from './a-console.ts';
import { aMachine, type ApiAnswer, type Machine } from './an-api.ts';
import { ownFolders, type OwnFolders } from './own-folders.ts';

const users = [aUser('ana', 'operator')];
const campaign = 'wrong campaign';
const month = 'wrong month';

let the: TestConsole;
let own: OwnFolders;
let app: FastifyInstance;
let ana: Session;
let crm: Machine;
let erp: Machine;
/** Who comes first to where rows are cancelled waits for it. */
let gate: Promise<void>;
/** Somebody has come to where rows are cancelled. */
let reached: Promise<void>;
let reach: () => void;

beforeEach(async () => {
  the = await aConsole('console file claims', { users });
  own = await ownFolders(the.ports.vault);
  await mkdir(join(own.folder('archive'), 'acme'), { recursive: true });
  await writeFile(join(own.folder('archive'), 'acme', '1.csv'), leadsCsv(4, 'CRM-'));
  gate = Promise.resolve();
  reached = new Promise((resolve) => (reach = resolve));
  const settings = { ...the.ports.settings, fieldRules: contracts['1.2.5'].leadFields };
  app = the.beside({ users }, { ownFolders: own.folders, settings, ledger: gated(the.ports.ledger) });
  ana = await logIn(app, 'ana');
  crm = aMachine(the, 'crm', 'operator', app);
  erp = aMachine(the, 'erp', 'operator', app);
});
afterEach(() => Promise.all([the.close(), own.remove()]));

function gated(ledger: Ledger): Ledger {
  return {
    ...ledger,
    cancelRows: async (...args) => {
      const shut = gate;
      // Who comes later goes on: that they come here at all is what must not be.
      gate = Promise.resolve();
      reach();
      await shut;
      return ledger.cancelRows(...args);
    },
  };
}

/** Whoever is first stays in the middle of it. Answers what lets them go on. */
function shutGate(): () => void {
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => (open = resolve));
  return open;
}

const told = ({ status, json }: ApiAnswer) => [status, json.error?.code ?? null];
const inOrder = (statuses: readonly number[]) => statuses.toSorted((a, b) => a - b);

async function count(action: string): Promise<number> {
  return (await the.ports.pages.fileHistory('1')).filter((event) => event.action === action).length;
}

describe('two who cancel a file at once', () => {
  it('on a page while the API is at it: the page says by whom and why', async () => {
    const form = fieldsOf((await ana.ask('/files/1')).body, '/files/1/cancel');
    const open = shutGate();
    const first = crm.post('/files/1/cancel', { reason: campaign });
    await reached;
    const late = await ana.post('/files/1/cancel', { ...form, reason: month });
    open();
    expect([late.status, (await first).status]).toEqual([409, 200]);
    expect(textOf(late.body)).toMatch(
      /File 1 has moved on since you looked at it: it is held\. Last, .*"wrong campaign", by console-api:crm\. Nothing of yours was done\./,
    );
    expect(await count('file.cancel_asked')).toBe(1);
  });

  it('by the API while a page is at it: the answer says by whom, since when and why', async () => {
    const form = fieldsOf((await ana.ask('/files/1')).body, '/files/1/cancel');
    const before = (await crm.get('/files/1')).json.seen;
    const open = shutGate();
    const first = ana.post('/files/1/cancel', { ...form, reason: campaign });
    await reached;
    const blind = await crm.post('/files/1/cancel', { reason: month });
    const stale = await crm.post('/files/1/cancel', { reason: month, seen: before });
    open();
    expect([told(blind), told(stale), (await first).status]).toEqual([
      [409, 'CONSOLE_MOVED_ON'],
      [409, 'CONSOLE_MOVED_ON'],
      303,
    ]);
    expect(blind.json.error.message).toMatch(
      /^Somebody is at file 1: cancelling it was begun \d{4}-.*, "wrong campaign", by console:ana, and has not ended\. Nothing of yours was done\.$/,
    );
    expect(stale.json.error.message).toMatch(/^File 1 has moved on since you looked at it: .*by console:ana\./);
    expect(await count('file.cancelled')).toBe(1);
  });

  it('both by the API: one wins, and the other is told by whom', async () => {
    const answers = await Promise.all([crm, erp].map((who) => who.post('/files/1/cancel', { reason: campaign })));
    expect(inOrder(answers.map(({ status }) => status))).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(lost?.json.error.code).toBe('CONSOLE_MOVED_ON');
    expect(lost?.json.error.message).toMatch(/"wrong campaign", by console-api:(crm|erp)/);
    expect([await count('file.cancel_asked'), await count('file.cancelled')]).toEqual([1, 1]);
    expect((await the.example.row('CRM-3')).state).toBe('cancelled');
    // The same once more is nothing.
    expect(told(await crm.post('/files/1/cancel', { reason: campaign }))).toEqual([409, 'CONSOLE_MOVED_ON']);
  });

  it('at the command line while the API is at it: exit 1, by whom and why', async () => {
    const open = shutGate();
    const first = crm.post('/files/1/cancel', { reason: campaign });
    await reached;
    const opened = { ...the.example.opened, folders: { ...the.example.opened.folders, ...own.folders } };
    const cancel = await runCommand(['file', '1', '--cancel', '--reason', month], { opened });
    open();
    expect([cancel.code, cancel.stdout, (await first).status]).toEqual([1, '', 200]);
    expect(cancel.stderr).toMatch(/^Somebody is at file 1: cancelling it was begun .*by console-api:crm/);
    expect(await count('file.cancel_asked')).toBe(1);
  });
});

describe('what broke off in the middle', () => {
  it('is begun anew by who was shown it: with what was seen, or asked on a terminal', async () => {
    const died = { actor: 'console-api:erp', reason: month };
    const asked = async () =>
      the.ports.fileClaims.claim('1', await the.ports.fileClaims.lastEvent('1'), 'cancel', died);
    expect(await asked()).toBe(true);
    expect(told(await crm.post('/files/1/cancel', { reason: campaign }))).toEqual([409, 'CONSOLE_MOVED_ON']);
    const { seen } = (await crm.get('/files/1')).json;
    expect((await crm.post('/files/1/cancel', { reason: campaign, seen })).status).toBe(200);
    // It has ended, so that it no longer stands against anybody.
    expect(await the.ports.fileClaims.underWay('1')).toBeNull();
    expect(await asked()).toBe(true);
    const { code, stderr } = await runCommand(['file', '1', '--cancel', '--reason', campaign], {
      opened: the.example.opened,
      isTerminal: true,
      answer: 'y',
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining('by console-api:erp, and has not ended.')]);
  });
});

describe('two who read a file again at once', () => {
  it('by the API: there is one new reading, and the other is told by whom', async () => {
    const { seen } = (await crm.post('/files/1/reread/preview')).json;
    const answers = await Promise.all([crm, erp].map((who) => who.post('/files/1/reread', { reason: campaign, seen })));
    expect(inOrder(answers.map(({ status }) => status))).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(lost?.json.error.code).toBe('CONSOLE_MOVED_ON');
    expect(lost?.json.error.message).toMatch(/File 1 has moved on.*"wrong campaign", by console-api:(crm|erp)\./);
    expect(await the.ports.ledger.file('3')).toBeNull();
  });

  it('on a page, by the API and at the command line while the API cancels it: nobody of them reads it', async () => {
    const form = fieldsOf((await ana.ask('/files/1/reread')).body, '/files/1/reread');
    const { seen } = (await erp.post('/files/1/reread/preview')).json;
    const open = shutGate();
    const first = crm.post('/files/1/cancel', { reason: campaign });
    await reached;
    const page = await ana.post('/files/1/reread', { ...form, reason: month });
    const api = await erp.post('/files/1/reread', { reason: month, seen });
    const { folders, settings } = the.example.opened;
    const opened = {
      ...the.example.opened,
      folders: { ...folders, ...own.folders },
      settings: { ...settings, fieldRules: contracts['1.2.5'].leadFields },
    };
    const script = await runCommand(['file', '1', '--reread', '--yes', '--json', '--reason', month], { opened });
    open();
    expect([page.status, told(api), script.code, (await first).status]).toEqual([
      409,
      [409, 'CONSOLE_MOVED_ON'],
      1,
      200,
    ]);
    expect(api.json.error.message).toContain('by console-api:crm');
    expect(script.stderr).toContain('cancelling it was begun');
    expect(await the.ports.ledger.file('2')).toBeNull();
  });
});

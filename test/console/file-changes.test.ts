import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settleFile } from '../../src/app/settle-file.ts';
import { contracts } from '../../src/contract/index.ts';
import { aPartner } from '../domain/a-partner.ts';
import { chromiumPath, launchChromium, openPage, overflowOf, seriousViolations, widths } from '../support/browser.ts';
import { aConsole, aUser, fieldsOf, logIn, password, textOf, type Session, type TestConsole } from './a-console.ts';
import { ownFolders, type OwnFolders } from './own-folders.ts';

const users = [aUser('ana', 'operator'), aUser('bea', 'operator'), aUser('luis', 'viewer')];
const reason = 'ticket 8812';

let the: TestConsole;
let own: OwnFolders;
let ana: Session;
let bea: Session;
let app: FastifyInstance;

/** A console on the host where the file's bytes are: of CRM-4 the NIF has been mended by the mapping, so to speak. */
beforeEach(async () => {
  the = await aConsole('console file changes', { users });
  own = await ownFolders(the.ports.vault);
  const archive = own.folder('archive');
  await mkdir(join(archive, 'acme'), { recursive: true });
  const lines = ['00000001R', '00000002W', '00000003A', '00000004G'].map(
    (nif, at) => `CRM-${at + 1};${nif};Ana Sintética;600000001;p@example.es;28013;sí`,
  );
  await writeFile(
    join(archive, 'acme', `${the.example.fileId}.csv`),
    ['ID;NIF;Nombre;Teléfono;Email;CP;Acepta política de privacidad', ...lines, ''].join('\n'),
  );
  const settings = { ...the.ports.settings, fieldRules: contracts['1.2.5'].leadFields };
  app = the.beside({ users }, { ownFolders: own.folders, settings });
  [ana, bea] = await Promise.all([logIn(app, 'ana'), logIn(app, 'bea')]);
});
afterEach(() => Promise.all([the.close(), own.remove()]));

/** Presses the button of a form as the page has it. */
async function press(who: Session, page: string, action: string) {
  const { body } = await who.ask(page);
  return who.post(action, { ...fieldsOf(body, action), reason });
}

async function eventsOf(fileId: string): Promise<readonly string[]> {
  const history = await the.ports.pages.fileHistory(fileId);
  return history.filter(({ actor }) => actor.startsWith('console:')).map(({ action, actor }) => `${action} ${actor}`);
}

describe('cancelling what is left of a file', () => {
  it('says how many rows before, cancels those that were not sent, and leaves the leads that exist', async () => {
    const { body } = await ana.ask('/files/1');
    expect(textOf(body)).toContain('1 row not sent, or failed: it is cancelled until somebody replays it.');
    expect(textOf(body)).toContain('2 leads of it exist or may exist and stay: tell the insurer.');
    const done = await press(ana, '/files/1', '/files/1/cancel');
    expect([done.status, done.location]).toEqual([303, '/files/1']);
    const states = await Promise.all(['CRM-1', 'CRM-2', 'CRM-3'].map(async (id) => (await the.example.row(id)).state));
    expect(states).toEqual(['registered', 'in_doubt', 'cancelled']);
    const { id } = await the.example.row('CRM-3');
    expect(await the.ports.ledger.history(id)).toContainEqual(
      expect.objectContaining({ action: 'row.cancelled', actor: 'console:ana', reason }),
    );
    expect(await eventsOf('1')).toEqual([
      'file.cancel_asked console:ana',
      'file.held console:ana',
      'file.cancelled console:ana',
    ]);
    // Nothing is left to cancel, so there is no button for it.
    expect((await ana.ask('/files/1')).body).not.toContain('action="/files/1/cancel"');
  });

  it('has one winner of two, and tells the other by whom and why', async () => {
    const forms = await Promise.all(
      [ana, bea].map(async (one) => fieldsOf((await one.ask('/files/1')).body, '/files/1/cancel')),
    );
    const answers = await Promise.all([
      ana.post('/files/1/cancel', { ...forms[0], reason: 'wrong campaign' }),
      bea.post('/files/1/cancel', { ...forms[1], reason: 'wrong month' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(textOf(lost?.body ?? '')).toMatch(
      /File 1 has moved on since you looked at it: it is \w+\. Last, .*"wrong (campaign|month)".*, by console:(ana|bea)\. Nothing of yours was done\./,
    );
    expect((await eventsOf('1')).filter((event) => event.startsWith('file.cancelled'))).toHaveLength(1);
  });

  it('is refused to who saw the file before somebody else did something to it', async () => {
    const form = fieldsOf((await bea.ask('/files/1')).body, '/files/1/cancel');
    await press(ana, '/files/1', '/files/1/hold');
    const late = await bea.post('/files/1/cancel', { ...form, reason });
    expect([late.status, textOf(late.body).includes('Nothing of yours was done')]).toEqual([409, true]);
    expect((await the.example.row('CRM-3')).state).toBe('failed');
  });

  it('gives out the leads that exist as a CSV, and audits it', async () => {
    const csv = await press(ana, '/files/1', '/files/1/leads');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="leads-of-file-1.csv"');
    expect(csv.body.split('\n').map((line) => line.split(';').slice(0, 5).join(';'))).toEqual([
      '\uFEFFrow;state;leadId;idLanding;partnerLeadId',
      '2;registered;L-1;IL-1;CRM-1',
      '3;in_doubt;;;CRM-2',
      '',
    ]);
    expect(await the.audited('rows.exported')).toMatchObject([{ actor: 'console:ana', detail: { file: '1' } }]);
  });
});

describe('the result of a file', () => {
  it('is given out as it lies in the outbox, to who says why, and that is audited before', async () => {
    expect(textOf((await ana.ask('/files/1')).body)).toContain('not issued yet');
    const ports = { ...the.example.opened, folders: own.folders, instance: 'test', log: { event: () => undefined } };
    expect(await settleFile(ports, '1')).toEqual({ kind: 'done', outcome: 'settled' });
    const name = `export-of-monday.csv.${the.example.fileId}.results.csv`;
    const page = textOf((await ana.ask('/files/1')).body);
    expect(page).toContain(`version 1, in the outbox as acme/${name}`);
    const given = await press(ana, '/files/1', '/files/1/result');
    expect(given.headers['content-disposition']).toBe('attachment; filename="file-1.results.csv"');
    expect(given.body).toBe(await readFile(join(own.folder('outbox'), 'acme', name), 'utf8'));
    expect(given.body.split('\n').length).toBe(6);
    expect(await the.audited('rows.exported')).toMatchObject([{ actor: 'console:ana', detail: { file: '1' } }]);
  });

  it('has what is so by now, whatever was issued before', async () => {
    const before = await press(ana, '/files/1', '/files/1/result');
    await press(ana, '/files/1', '/files/1/cancel');
    const after = await press(ana, '/files/1', '/files/1/result');
    expect([before.body, after.body].map((text) => text.includes('CRM-3;cancelled;'))).toEqual([false, true]);
  });

  it('comes in the encoding of the partner', async () => {
    const partner = aPartner({ results: { ...aPartner().results, encoding: 'windows-1252', delimiter: '|' } });
    const partners = { ...the.ports.partners, get: () => partner };
    const other = await logIn(the.beside({ users }, { partners }), 'ana');
    const { headers, body } = await press(other, '/files/1', '/files/1/result');
    expect(headers['content-type']).toBe('text/csv; charset=windows-1252');
    expect(body).toMatch(/^row\|partnerLeadId\|outcome\|/);
  });

  it('is refused of a file that was not read, of a partner without config, and to a viewer', async () => {
    const token = fieldsOf((await ana.ask('/files/1')).body, '/files/1/result');
    const held = await the.ports.ledger.acceptFile({
      partner: 'acme',
      kind: 'leads',
      keyId: (await the.ports.vault.keyFor('acme')).id,
      name: (await the.ports.vault.keyFor('acme')).seal('later.csv'),
      sha256: 'f'.repeat(64),
      bytes: 10,
      configVersion: 'test',
      dueAt: null,
      again: false,
      actor: 'test',
    });
    const early = await ana.post(`/files/${held.file.id}/result`, { ...token, reason });
    expect([early.status, textOf(early.body).includes('has not been read to its end')]).toEqual([409, true]);
    expect((await ana.ask(`/files/${held.file.id}`)).body).not.toContain('/result"');
    expect((await ana.post('/files/4711/result', { ...token, reason })).status).toBe(404);
    expect((await ana.post('/files/1/result', token)).status).toBe(400);
    const partners = { ...the.ports.partners, get: () => null };
    const strange = await logIn(the.beside({ users }, { partners }), 'ana');
    const none = await press(strange, '/files/1', '/files/1/result');
    expect([none.status, textOf(none.body).includes('Partner acme has no config.')]).toEqual([409, true]);
    const luis = await logIn(app, 'luis');
    expect((await luis.ask('/files/1')).body).not.toContain('/result"');
    expect((await luis.post('/files/1/result', { reason })).status).toBe(403);
    expect(await the.audited('rows.exported')).toEqual([]);
  });
});

describe('reading a file again', () => {
  it('shows what would change, by what rows are now, and changes nothing by it', async () => {
    const { body, status } = await ana.ask('/files/1/reread');
    const text = textOf(body);
    expect(status).toBe(200);
    expect(text).toContain('What reading file 1 again would change');
    expect(text).toMatch(/1 rejected goes to work/);
    expect(text).toMatch(/1 registered stays as it is/);
    expect(text).toMatch(/1 in doubt stays as it is/);
    expect(text).toContain('Read 4 rows again');
    expect(text).not.toContain('Sintética');
    expect(await eventsOf('1')).toEqual([]);
  });

  it('ends on the new reading, and is audited on the file that was read', async () => {
    const done = await press(ana, '/files/1/reread', '/files/1/reread');
    expect([done.status, done.location]).toEqual([303, '/files/2']);
    expect(await the.ports.ledger.file('2')).toMatchObject({ state: 'arrived', sameAs: '1' });
    expect((await the.example.row('CRM-1')).state).toBe('registered');
    expect(await eventsOf('1')).toEqual([
      'file.reread_asked console:ana',
      'file.held console:ana',
      'file.reread console:ana',
      'file.cancelled console:ana',
    ]);
  });

  it('has one winner of two: there is one new reading', async () => {
    const forms = await Promise.all(
      [ana, bea].map(async (one) => fieldsOf((await one.ask('/files/1/reread')).body, '/files/1/reread')),
    );
    const answers = await Promise.all(
      [ana, bea].map(async (one, at) => one.post('/files/1/reread', { ...forms[at], reason })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    expect(textOf(answers.find(({ status }) => status === 409)?.body ?? '')).toContain('Nothing of yours was done');
    expect(await the.ports.ledger.file('3')).toBeNull();
  });

  it('says what speaks against it: bytes that are elsewhere, a file that is not there, a role', async () => {
    const [elsewhere, luis] = await Promise.all([the.logIn('ana'), the.logIn('luis')]);
    const away = the.beside({ users }, { ownFolders: { archivedAt: async () => null } as never });
    const gone = await logIn(away, 'ana');
    expect(textOf((await gone.ask('/files/1/reread')).body)).toContain('leadsync file 1 --reread');
    expect((await elsewhere.ask('/files/4711/reread')).status).toBe(404);
    expect((await elsewhere.post('/files/4711/reread', { reason })).status).toBe(404);
    expect((await luis.ask('/files/1/reread')).status).toBe(403);
    expect((await luis.post('/files/1/reread', { reason })).status).toBe(403);
  });
});

describe.skipIf(chromiumPath === null)('in a browser', () => {
  it('what reading a file again would change is shown in order at both widths, and done', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    const browser = await launchChromium();
    for (const width of widths) {
      const { page, complaints } = await openPage(browser, { width });
      await page.goto(`${url}/login?next=/files/1`);
      await page.fill('input[name=name]', 'ana');
      await page.fill('input[name=password]', password);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${url}/files/1`);
      await page.click('text=Read it again');
      await page.waitForURL(/\/reread$/);
      expect([await overflowOf(page), await seriousViolations(page)]).toEqual([0, []]);
      if (width === widths[0]) {
        await page.fill('#reread-reason', reason);
        await page.click('form.act-form button');
        await page.waitForURL(/\/files\/2$/);
        expect(await page.locator('[role=status]').textContent()).toContain('The file is read again');
      }
      expect(complaints).toEqual([]);
    }
    await browser.close();
  });
});

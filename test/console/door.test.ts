import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { hashOfToken } from '../../src/console/door/tokens.ts';
import {
  aConsole,
  aUser,
  askOf,
  cookiesOf,
  formTokenIn,
  host,
  logIn,
  password,
  postOf,
  tryLogIn,
  type TestConsole,
} from './a-console.ts';

const users = [aUser('ana', 'operator'), aUser('luis', 'viewer')];

let the: TestConsole;
beforeAll(async () => {
  the = await aConsole('console door', { users });
});
afterAll(() => the.close());

/** Changes what no port changes, to make time go by. */
async function age(statement: string): Promise<void> {
  const { db, close } = openDatabase(the.example.url, { max: 1 });
  await sql.raw(statement).execute(db);
  await close();
}

describe('the door of a console with users', () => {
  it('leads to the login from every page, and from there back', async () => {
    for (const path of ['/', '/files', '/files/1', '/rows?state=failed', '/leads/1']) {
      const answer = await the.ask(path);
      expect([answer.status, answer.location]).toEqual([303, `/login?next=${encodeURIComponent(path)}`]);
      expect(answer.body).toBe('');
    }
    const form = await tryLogIn(the.app, { name: 'ana', password, next: '/rows?state=failed' });
    expect([form.status, form.location]).toEqual([303, '/rows?state=failed']);
  });

  it('lets in who knows the password, says who that is, and writes it down', async () => {
    const ana = await the.logIn('ana');
    const page = await ana.ask('/');
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/ana\s*<span class="quiet">operator<\/span>/);
    expect(await the.audited('console.login')).toContainEqual({
      actor: 'console:ana',
      detail: { address: '127.0.0.1' },
    });
  });

  it('keeps the cookie from scripts and other sites, and behind https for https', async () => {
    const cookieOf = async (app = the.app) =>
      String((await tryLogIn(app, { name: 'ana', password })).headers['set-cookie']);
    expect(await cookieOf()).toMatch(/^leadsync-7070=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=28800$/);
    const behindProxy = the.beside({ url: 'https://leads.example' });
    expect(await cookieOf(behindProxy)).toMatch(
      /^__Host-leadsync=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=28800; Secure$/,
    );
    expect((await askOf(behindProxy, '/login')).headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('keeps no token in the ledger, only what it can be compared with', async () => {
    const ana = await the.logIn('ana');
    const token = ana.cookie.split('=')[1] ?? '';
    const { db, close } = openDatabase(the.example.url, { max: 1 });
    const { rows } = await sql<{ all: string }>`select string_agg(s::text, ' ') as all from console_session s`.execute(
      db,
    );
    await close();
    expect(rows[0]?.all).toContain('ana');
    expect(rows[0]?.all).not.toContain(token);
  });

  it('lets nobody in by what somebody has written into the ledger', async () => {
    const ana = await the.logIn('ana');
    const { db, close } = openDatabase(the.example.url, { max: 1 });
    await sql`insert into console_session (token_hash, name, credentials)
      select ${hashOfToken('mine')}, name, credentials from console_session where name = 'ana' limit 1`.execute(db);
    await close();
    const mine = await the.ask({ method: 'GET', url: '/', headers: { host, cookie: 'leadsync-7070=mine' } });
    expect([mine.status, mine.location]).toEqual([303, '/login?next=%2F']);
    expect((await ana.ask('/')).status).toBe(200);
  });

  it('ends the session before with a login, and takes none that was there before it', async () => {
    const before = await the.logIn('ana');
    const page = await the.ask('/login');
    const planted = 'leadsync-7070=chosen-by-somebody-else';
    const logInWith = (cookie: string) => {
      const request = postOf('/login', { name: 'ana', password, form: formTokenIn(page.body), next: '/' });
      return the.ask({ ...request, headers: { ...request.headers, cookie: [...cookiesOf(page), cookie].join('; ') } });
    };
    expect((await logInWith(before.cookie)).status).toBe(303);
    expect((await before.ask('/')).status).toBe(303);
    const fixed = await logInWith(planted);
    expect(cookiesOf(fixed).join()).not.toContain('chosen-by-somebody-else');
    expect((await the.ask({ method: 'GET', url: '/', headers: { host, cookie: planted } })).status).toBe(303);
  });

  it.each([
    [
      'a wrong password',
      { name: 'ana', password: 'not the right one' },
      { actor: 'console:ana', why: 'wrong_password' },
    ],
    ['a name that nobody has', { name: 'my secret password', password }, { actor: 'console', why: 'unknown_name' }],
  ])(
    'refuses %s in the same words, and writes down who was refused, yet no unknown name',
    async (_what, form, entry) => {
      const answer = await tryLogIn(the.app, form, { remoteAddress: '10.0.0.9' });
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('Name or password is wrong.');
      expect(cookiesOf(answer)).toEqual([]);
      const audited = await the.audited('console.login_refused');
      expect(audited).toContainEqual({ actor: entry.actor, detail: { why: entry.why, address: '10.0.0.9' } });
      expect(JSON.stringify(audited)).not.toContain('my secret');
    },
  );

  it('looks at no further password after five wrong ones, and says how long to wait', async () => {
    const from = { remoteAddress: '10.0.0.1' };
    for (let tries = 0; tries < 5; tries += 1)
      expect((await tryLogIn(the.app, { name: 'luis', password: 'wrong' }, from)).status).toBe(401);
    for (let tries = 0; tries < 3; tries += 1) {
      const late = await tryLogIn(the.app, { name: 'luis', password }, from);
      expect([late.status, Number(late.headers['retry-after']) > 800]).toEqual([429, true]);
    }
    // From elsewhere the same person is let in.
    expect((await tryLogIn(the.app, { name: 'luis', password }, { remoteAddress: '10.0.0.2' })).status).toBe(303);
    const refused = (await the.audited('console.login_refused')).filter(({ actor }) => actor === 'console:luis');
    expect(refused.map(({ detail }) => (detail as { why: string }).why)).toEqual([
      ...Array.from({ length: 5 }, () => 'wrong_password'),
      'too_many_tries',
    ]);
  });

  it('takes a login from its own form alone', async () => {
    const form = { name: 'ana', password, form: 'made up', next: '/' };
    expect((await the.ask(postOf('/login', form))).status).toBe(403);
    const page = await the.ask('/login');
    const request = postOf('/login', { ...form, form: formTokenIn(page.body) });
    const cookie = cookiesOf(page).join('; ');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
    ])
      expect((await the.ask({ ...request, headers: { ...request.headers, ...headers, cookie } as never })).status).toBe(
        403,
      );
  });

  it('leads nowhere else after a login', async () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/\t/evil.example',
    ]) {
      const answer = await tryLogIn(the.app, { name: 'ana', password, next });
      expect([next, answer.location]).toEqual([next, '/']);
    }
  });

  it('shows who comes from another site a way in that takes the cookie along, and not the login', async () => {
    const answer = await the.ask({ url: '/leads/1?x="', headers: { 'sec-fetch-site': 'cross-site' } });
    expect([answer.status, answer.location]).toEqual([200, '']);
    expect(answer.body).toContain('<meta http-equiv="refresh" content="0; url=/leads/1?x=%22" />');
  });
});

describe('a session', () => {
  it('ends with the logout, which takes the token of its page', async () => {
    const ana = await the.logIn('ana');
    const refused = await ana.ask(postOf('/logout', { form: 'made up' }));
    expect(refused.status).toBe(403);
    expect(await the.audited('console.refused')).toContainEqual({
      actor: 'console:ana',
      detail: { why: 'form', role: 'operator', needed: 'viewer', route: '/logout' },
    });
    expect((await ana.ask('/')).status).toBe(200);
    const out = await ana.post('/logout');
    expect([out.status, out.location, String(out.headers['set-cookie'])]).toEqual([
      303,
      '/login',
      expect.stringContaining('leadsync-7070=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0'),
    ]);
    expect((await ana.ask('/')).status).toBe(303);
    expect(await the.audited('console.logout')).toContainEqual({ actor: 'console:ana', detail: {} });
  });

  it('is the same at every console of the ledger', async () => {
    const ana = await the.logIn('ana');
    const answer = await askOf(the.beside({}), { url: '/', headers: { cookie: ana.cookie } });
    expect(answer.status).toBe(200);
  });

  it('ends when its user has another password, another role or none', async () => {
    const ana = await the.logIn('ana');
    const asked = async (found: readonly (typeof users)[number][]) =>
      (await askOf(the.beside({ users: found }), { url: '/', headers: { cookie: ana.cookie } })).status;
    expect(await asked(users)).toBe(200);
    expect(await asked([aUser('ana', 'operator')])).toBe(303);
    expect(await asked(users.filter(({ name }) => name !== 'ana'))).toBe(303);
  });

  it('has the role that the settings give its user now', async () => {
    const ana = await the.logIn('ana');
    const demoted = users.map((user) => ({ ...user, role: 'viewer' as const }));
    const answer = await askOf(the.beside({ users: demoted }), { url: '/', headers: { cookie: ana.cookie } });
    expect(answer.body).toMatch(/ana\s*<span class="quiet">viewer<\/span>/);
  });

  it.each([
    ['half an hour without a page', `seen_at = seen_at - interval '31 minutes'`],
    ['eight hours', `begun_at = begun_at - interval '481 minutes'`],
  ])('ends after %s', async (_what, change) => {
    const ana = await the.logIn('ana');
    expect((await ana.ask('/')).status).toBe(200);
    await age(`update console_session set ${change}`);
    expect((await ana.ask('/')).status).toBe(303);
  });

  it('goes on as long as pages are asked for', async () => {
    const ana = await the.logIn('ana');
    for (let pages = 0; pages < 3; pages += 1) {
      await age(`update console_session set seen_at = seen_at - interval '20 minutes'`);
      expect((await ana.ask('/')).status).toBe(200);
    }
  });
});

describe('a console without users', () => {
  it('shows its pages on this machine to everybody, and lets nobody log in or out', async () => {
    const open = the.beside({ users: [] });
    const page = await askOf(open, '/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('nobody may act');
    expect(page.body).not.toContain('<form class="visitor"');
    expect((await askOf(open, '/login')).location).toBe('/');
    await expect(logIn(open, 'ana')).rejects.toThrow();
  });

  it.each(['evil.example', 'evil.example:7070', '127.0.0.1.evil.example', 'localhost.evil.example'])(
    'does not answer to the name %s, under which a web page could read along',
    async (name) => {
      const open = the.beside({ users: [] });
      const answer = await askOf(open, { url: '/', headers: { host: name } });
      expect([answer.status, answer.body.includes('CRM')]).toEqual([421, false]);
    },
  );

  it.each(['localhost:7070', '127.0.0.1', '[::1]:7070', host])('answers to %s', async (name) => {
    expect((await askOf(the.beside({ users: [] }), { url: '/', headers: { host: name } })).status).toBe(200);
  });

  it('answers to the name of its proxy', async () => {
    const behind = the.beside({ url: 'https://leads.example' });
    expect((await askOf(behind, { url: '/login', headers: { host: 'leads.example' } })).status).toBe(200);
    expect((await askOf(behind, { url: '/login', headers: { host: 'other.example' } })).status).toBe(421);
  });
});

describe('every answer', () => {
  it('loads nothing from outside, runs nothing that stands in it, and is kept nowhere', async () => {
    const open = the.beside({ users: [] });
    for (const path of ['/', '/files', '/rows', '/nope', '/login', '/rows?state=nonsense']) {
      const { headers, body } = await askOf(open, path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; style-src 'self'; script-src 'self';/);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
      if (body !== '') expect(headers['cache-control']).toBe('no-store');
      expect(body).not.toMatch(
        /<script(?! defer src="\/assets\/[\w.]+\?v=\w+" data-live-from="\/live\/[\w/]+"><\/script>)|<style|\sstyle=|\son\w+=|https?:\/\//,
      );
    }
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chromiumPath,
  launchChromium,
  openPage,
  overflowOf,
  seriousViolations,
  tabTo,
  widths,
} from '../support/browser.ts';
import { aConsole, aUser, password, type TestConsole } from './a-console.ts';

const users = [aUser('ana', 'operator'), aUser('bea', 'operator'), aUser('eva', 'admin')];

let the: TestConsole;
let url: string;
let closedUrl: string;
let paths: readonly string[];

async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  the = await aConsole('console browser');
  url = await listen(the.app);
  closedUrl = await listen(the.beside({ users }));
  // A file whose name has no place to break, held; and calls to draw.
  const { ledger, vault } = the.example.opened;
  const key = await vault.keyFor('acme');
  const { file } = await ledger.acceptFile({
    partner: 'acme',
    kind: 'leads',
    keyId: key.id,
    name: key.seal(`${'W'.repeat(200)}.csv`),
    sha256: 'b'.repeat(64),
    bytes: 10,
    configVersion: 'test',
    dueAt: null,
    again: false,
    actor: 'test',
  });
  await ledger.holdFile(file.id, { actor: 'cli:eva', reason: 'x'.repeat(200) });
  await ledger.pause(null, { actor: 'cli:eva', reason: 'maintenance of the insurer' });
  const night = [{ channel: 'webhook', recipient: 'acme' } as const, { channel: 'email', recipient: null } as const];
  const { deliveries } = the.example.opened;
  await deliveries.endNight('2026-06-01', {}, night, 'test');
  for (const one of await deliveries.claimDue(['webhook', 'email'], 2)) {
    const why = { code: 'DELIVERY_CERTIFICATE', httpStatus: null } as const;
    if (one.channel === 'webhook') await deliveries.failed(one, { ...why, delayMs: 60_000, stop: true }, 'test');
    else await deliveries.delivered(one, 250);
  }
  const buckets = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  await the.tallies.add([
    { endpoint: 'clientData', outcome: 'answered', n: 30, ms: 3_000, buckets },
    { endpoint: 'clientData', outcome: 'ambiguous', n: 3, ms: 900, buckets },
  ]);
  const rows = await Promise.all(['CRM-1', 'CRM-2', 'CRM-4'].map((id) => the.example.row(id)));
  paths = [
    '/',
    '/files',
    '/files?state=quarantined',
    '/files/1',
    `/files/${file.id}`,
    '/rows',
    '/rows?state=rejected&code=ROW_NIF_INVALID',
    '/rows?since=nonsense&state=nonsense',
    ...rows.map(({ id }) => `/leads/${id}`),
    '/leads/4711',
    '/in-doubt',
    '/in-doubt?partner=nobody',
    '/replays',
    '/replays/new',
    '/replays/new?partner=acme',
    '/search',
    '/search/none',
    '/audit',
    '/audit?who=all',
    '/audit?since=nonsense',
    '/replays/new?state=nonsense',
    '/replays/4711',
    '/deliveries',
    '/deliveries?state=delivered',
    '/deliveries/1',
    '/deliveries/4711',
    '/erasures',
    '/partners',
    '/partners/acme',
    '/partners/nobody',
    '/nope',
  ];
});
afterAll(() => the.close());

describe.skipIf(chromiumPath === null)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test.each(widths)('at %i px nothing complains and no page is wider than the window', async (width) => {
    const { page, complaints } = await openPage(browser, { width });
    for (const path of paths) {
      await page.goto(url + path);
      expect(await overflowOf(page), path).toBe(0);
    }
    // The browser itself says of a page that it came with such a status.
    expect(complaints.filter((said) => !/status of 40[04]/.test(said))).toEqual([]);
  });

  test.each([
    { width: 1280, scheme: 'light' },
    { width: 1280, scheme: 'dark' },
    { width: 400, scheme: 'light' },
    { width: 400, scheme: 'dark' },
  ] as const)('axe finds nothing serious at $width px, $scheme', async ({ width, scheme }) => {
    const { page } = await openPage(browser, { width, scheme });
    for (const path of paths) {
      await page.goto(url + path);
      // Closed, what is in them is not looked at.
      for (const call of await page.locator('.call summary').all()) await call.click();
      expect(await seriousViolations(page), path).toEqual([]);
    }
    await page.goto(`${closedUrl}/login`);
    expect(await seriousViolations(page)).toEqual([]);
  });

  test.each(widths)('at %i px the keyboard goes from what needs a person to the row and back', async (width) => {
    const { page } = await openPage(browser, { width });
    await page.goto(url);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(page, '.needs a[href*="/in-doubt"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/in-doubt\?partner=acme&kind=lead$/);
    const listing = page.url();
    expect(await page.locator('.doubt').count()).toBe(1);
    await tabTo(page, '.doubt .what a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/leads\/\d+$/);
    expect(await page.locator('.history li').count()).toBe(4);
    await tabTo(page, '.back a');
    await page.keyboard.press('Enter');
    await page.waitForURL(listing);
    expect(await page.locator('select#partner').inputValue()).toBe('acme');
  });

  test('filters are chosen, stand in the address, and are cleared', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${url}/rows`);
    await page.selectOption('select#state', 'failed');
    await page.selectOption('select#partner', 'acme');
    await page.click('button.main');
    await page.waitForURL(/\/rows\?.*state=failed/);
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.click('text=Clear');
    await page.waitForURL(`${url}/rows`);
    expect(await page.locator('tbody tr').count()).toBe(4);
  });

  async function logIn(page: Page, name = 'ana'): Promise<void> {
    await page.fill('input[name=name]', name);
    await page.fill('input[name=password]', password);
    await page.keyboard.press('Enter');
  }

  test('who is not logged in is, and comes where they wanted to go; and goes', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${closedUrl}/rows?state=failed`);
    await page.fill('input[name=name]', 'ana');
    await page.fill('input[name=password]', 'not the right one');
    await page.click('button.main');
    expect(await page.locator('[role=alert]').textContent()).toBe('Name or password is wrong.');
    expect(await seriousViolations(page)).toEqual([]);
    await logIn(page);
    await page.waitForURL(/\/rows\?state=failed$/);
    await page.click('text=Log out');
    await page.waitForURL(/\/login$/);
    await page.goto(`${closedUrl}/rows`);
    expect(page.url()).toContain('/login?next=');
    expect(complaints.filter((said) => !/status of 401/.test(said))).toEqual([]);
  });

  test('a link from another site leads there without another login, and brings no cookie to a post', async () => {
    const elsewhere = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="${closedUrl}/files/1">there</a>
        <form method="post" action="${closedUrl}/logout"><button>out</button></form>`);
    }).listen(0, 'localhost');
    await once(elsewhere, 'listening');
    const other = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
    const { page } = await openPage(browser);
    await page.goto(`${closedUrl}/login`);
    await logIn(page);
    await page.waitForURL(`${closedUrl}/`);
    await page.goto(other);
    await page.click('a');
    await page.waitForURL(`${closedUrl}/files/1`);
    expect(await page.locator('h1').textContent()).toContain('File 1');
    await page.goto(other);
    await page.click('button');
    await page.waitForURL(/\/login$/);
    await page.goto(`${closedUrl}/files/1`);
    expect(await page.locator('h1').textContent()).toContain('File 1');
    elsewhere.close();
  });

  test.each(widths)('at %i px a partner’s question about one client is answered by their NIF', async (width) => {
    const { page, complaints } = await openPage(browser, { width });
    await page.goto(`${closedUrl}/login`);
    await logIn(page);
    await page.waitForURL(`${closedUrl}/`);
    await page.click('nav >> text=Search');
    await page.fill('input[type=search]', '00000001r');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/leads\/\d+$/);
    expect(await page.locator('h1').textContent()).toMatch(/^Lead, row \d+ of acme$/);
    expect(await page.content()).not.toContain('00000001R');
    await page.click('text=Show its personal data');
    await page.fill('#reveal-reason', 'the partner asks, ticket 8812');
    await page.click('text=Show it >> nth=-1');
    await page.waitForURL(/\/reveal$/);
    expect(await page.locator('.facts').textContent()).toContain('00000001R');
    expect(await overflowOf(page)).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each([
    { width: 1280, scheme: 'light' },
    { width: 400, scheme: 'dark' },
  ] as const)('every form of every page is in order, opened, at $width px, $scheme', async ({ width, scheme }) => {
    const { page, complaints } = await openPage(browser, { width, scheme });
    await page.goto(`${closedUrl}/login`);
    await logIn(page, 'eva');
    await page.waitForURL(`${closedUrl}/`);
    for (const path of paths) {
      await page.goto(closedUrl + path);
      for (const act of await page.locator('details.act summary').all()) await act.click();
      expect(await overflowOf(page), path).toBe(0);
      expect(await seriousViolations(page), path).toEqual([]);
    }
    expect(complaints.filter((said) => !/status of 40[04]/.test(said))).toEqual([]);
  });

  test('a listing is chosen, compared and shown, without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${closedUrl}/in-doubt`);
    await logIn(page);
    await page.waitForURL(/in-doubt$/);
    await page.click('#listing summary');
    await page.fill('#listing-as-of', '2026-01-01T10:00');
    const buffer = Buffer.from('leadId;partnerLeadId\nL-1;CRM-1\n');
    await page.setInputFiles('#listing-file', { name: 'listing.csv', mimeType: 'text/csv', buffer });
    await page.click('#listing button');
    expect(await page.locator('h1').textContent()).toBe('What follows from the listing');
    expect(await page.locator('main').textContent()).toContain('The listing: 1 lines, 0 of 0 leads');
  });

  test('two operators end one doubt at once: one does, the other is told by whom and to what', async () => {
    const [ana, bea] = [await openPage(browser), await openPage(browser, { width: 400 })];
    for (const [name, { page }] of [
      ['ana', ana],
      ['bea', bea],
    ] as const) {
      await page.goto(`${closedUrl}/in-doubt`);
      await logIn(page, name);
      await page.waitForURL(/in-doubt$/);
      await tabTo(page, '.doubt details.act summary');
      await page.keyboard.press('Enter');
      await page.check(`input[value=${name === 'ana' ? 'abandon' : 'no_id'}]`);
      await page.fill('.doubt input[name=reason]', `${name} asked the insurer`);
    }
    await ana.page.click('.doubt .act-form button');
    await ana.page.waitForURL(/in-doubt$/);
    expect(await ana.page.locator('[role=status]').textContent()).toBe('The doubt is ended as you said.');
    await bea.page.click('.doubt .act-form button');
    const said = await bea.page.locator('[role=alert]').textContent();
    expect(said).toMatch(
      /it is abandoned\. Last, .*"ana asked the insurer", by console:ana\. Nothing of yours was done\./,
    );
  });

  test('without scripts everything works as well', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${closedUrl}/login`);
    await logIn(page);
    await page.waitForURL(`${closedUrl}/`);
    await page.click('nav >> text=Rows');
    expect(await page.locator('tbody tr').count()).toBe(4);
    await page.goto(`${closedUrl}/replays/new?partner=acme`);
    await page.fill('form.act-form input[name=reason]', 'the API is back');
    await page.click('form.act-form button');
    await page.waitForURL(/\/replays\/\d+$/);
    expect(await page.locator('[role=status]').textContent()).toContain('The replay has begun.');
    await page.click('details.act summary');
    await page.fill('details.act input[name=reason]', 'it is down again');
    await page.click('details.act button');
    expect(await page.locator('[role=status]').textContent()).toContain('ended where it is');
    expect(await page.locator('.badge').first().textContent()).toBe('aborted');
  });
});

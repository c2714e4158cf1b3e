import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStreams } from '../../src/console/live/streams.ts';
import { html } from 'hono/html';
import { chromiumPath, launchChromium, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { aConsole, aUser, password, type Session, type TestConsole } from './a-console.ts';

const users = [aUser('ana', 'operator'), aUser('luis', 'viewer')];

let the: TestConsole;
let url: string;
let ana: Session;
beforeAll(async () => {
  the = await aConsole('console live', { users });
  await the.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(the.app.server.address() as AddressInfo).port}`;
  ana = await the.logIn('ana');
});
afterAll(() => the.close());

const act = { actor: 'cli:eva', reason: 'maintenance' };

describe('a stream of events', () => {
  const pace = { everyMs: 5, mostMs: 60_000, checkMs: 5, most: 2 };
  const one = (over: { isLetIn?: () => Promise<boolean> } = {}) => ({
    render: (read: unknown) => ({ a: html`${String(read)}`, b: html`the same` }),
    isLetIn: async () => true,
    ...over,
  });
  const heard = (stream: { on(event: 'data', hear: (data: Buffer) => void): unknown }) => {
    const events: string[] = [];
    stream.on('data', (data) =>
      events.push(
        ...data
          .toString()
          .split('\n\n')
          .filter((text) => text.includes('event:')),
      ),
    );
    return events;
  };

  it('says first everything, and then what has changed', async () => {
    let n = 0;
    const streams = createStreams(() => performance.now(), pace);
    const stream = streams.open('t', async () => (n < 2 ? (n += 1) : n), one());
    if (stream === null) throw new Error('unreachable');
    const events = heard(stream);
    await eventually('three events', async () => events.length >= 3);
    expect(events.slice(0, 3)).toEqual([
      'event: parts\ndata: {"a":"1","b":"the same"}',
      'event: parts\ndata: {"a":"2"}',
      'event: parts\ndata: {}',
    ]);
    streams.close();
  });

  it('ends for who is logged out, and goes on after a ledger that did not answer', async () => {
    let isIn = true;
    let reads = 0;
    const read = async () => {
      reads += 1;
      if (reads === 1) throw new Error('the ledger is gone');
      return reads;
    };
    const streams = createStreams(() => performance.now(), pace);
    const stream = streams.open('t', read, one({ isLetIn: async () => isIn }));
    if (stream === null) throw new Error('unreachable');
    const events = heard(stream);
    await eventually('it goes on', async () => events.some((event) => event.includes('parts')));
    isIn = false;
    await eventually('it is over', async () => events.at(-1)?.startsWith('event: over') === true);
    await eventually('nobody reads for nobody', async () => {
      const before = reads;
      await new Promise((resolve) => void setTimeout(resolve, 30));
      return reads === before;
    });
    streams.close();
  });

  it('is read once for all that look, and not offered to more than there is room for', async () => {
    let reads = 0;
    const streams = createStreams(() => performance.now(), { ...pace, everyMs: 60_000 });
    const read = async () => (reads += 1);
    expect(streams.open('t', read, one())).not.toBeNull();
    expect(streams.open('t', read, one())).not.toBeNull();
    expect(streams.open('t', read, one())).toBeNull();
    expect(reads).toBe(1);
    streams.close();
  });
});

describe('the parts of a page', () => {
  it('are told as JSON to who can’t listen, behind the same door, with what the visitor may do', async () => {
    const parts = async (who: Session, path: string) =>
      JSON.parse((await who.ask(path)).body) as Record<string, string>;
    expect((await parts(ana, '/live/overview'))['attention']).toContain('action="/alarms/known"');
    const luis = await the.logIn('luis');
    expect((await parts(luis, '/live/overview'))['attention']).not.toContain('<form');
    expect((await parts(luis, '/live/files/1'))['outcomes']).toContain('of 4 rows');
    expect((await the.ask('/live/overview')).status).toBe(303);
    expect((await luis.ask('/live/files/x')).status).toBe(404);
  });

  it('do not keep anybody logged in', async () => {
    const { sessions } = the.ports;
    const life = { mostMs: 60_000, idleMs: 60_000 };
    await sessions.begin('hash', { name: 'ana', credentials: 'x' });
    expect(await sessions.isGoing('hash', life)).toBe(true);
    expect(await sessions.isGoing('hash', { ...life, idleMs: 0 })).toBe(false);
    await sessions.end('hash');
    expect(await sessions.isGoing('hash', life)).toBe(false);
  });
});

describe.skipIf(chromiumPath === null)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function opened(path: string, hasEvents = true) {
    const { page, complaints } = await openPage(browser, { width: 400 });
    if (!hasEvents)
      await page.route('**/live/**', (route) =>
        route.request().headers()['accept']?.includes('event-stream') === true ? route.abort() : route.continue(),
      );
    await page.goto(`${url}/login?next=${encodeURIComponent(path)}`);
    await page.fill('input[name=name]', 'ana');
    await page.fill('input[name=password]', password);
    await page.keyboard.press('Enter');
    await page.waitForURL(url + path);
    return { page, complaints };
  }

  it('the overview follows the ledger, and takes nothing from under somebody’s hands', async () => {
    const { page, complaints } = await opened('/');
    await page.locator('[data-live-said][aria-live=polite]', { hasText: 'live' }).waitFor();
    await page.click('[data-live=attention] details.act summary');
    await page.fill('[data-live=attention] input[name=reason]', 'I am still typing');
    await the.ports.ledger.pause(null, act);
    await page.getByText('Paused: all work').waitFor();
    const row = await the.example.row('CRM-3');
    await the.ports.ledger.move({
      rowId: row.id,
      from: ['failed'],
      fence: row.fence,
      to: 'cancelled',
      set: { code: 'ROW_CANCELLED' },
      audit: { action: 'row.cancelled', actor: 'test', code: 'ROW_CANCELLED' },
    });
    await page.locator('[data-live=all]', { hasText: '1 cancelled' }).waitFor();
    expect(await page.inputValue('[data-live=attention] input[name=reason]')).toBe('I am still typing');
    expect(await page.locator('[data-live=attention]').textContent()).toContain('failed: proven not created');
    await page.click('[data-live=attention] details.act[open] summary');
    await page.focus('.brand');
    await page.locator('[data-live=attention]', { hasNotText: 'failed: proven not created' }).waitFor();
    await the.ports.ledger.endPauses(null, act);
    expect(complaints).toEqual([]);
  });

  it('a file follows its rows; without events the page asks again', async () => {
    const { page, complaints } = await opened('/files/1', false);
    await the.ports.ledger.holdFile('1', act);
    await page.locator('[data-live=badge]', { hasText: 'held' }).waitFor();
    expect(await page.locator('[data-live=history]').textContent()).toContain('maintenance');
    expect(complaints.filter((said) => !said.includes('ERR_FAILED'))).toEqual([]);
  });
});

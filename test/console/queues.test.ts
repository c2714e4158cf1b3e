import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds, openQueue } from '../adapters/queue/queue-under-test.ts';
import { chromiumPath, launchChromium, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { aConsole, aUser, askOf, logIn, password, type Session, type TestConsole } from './a-console.ts';

const users = [aUser('ana', 'operator'), aUser('luis', 'viewer')];

let the: TestConsole;
beforeAll(async () => {
  the = await aConsole('console queues', { users });
});
afterAll(() => the.close());

/** A console over a queue in which one job has failed; how often it was tried is counted. */
async function withBoard() {
  const under = await openQueue(kinds[0] ?? 'postgres');
  let tries = 0;
  await under.connection.work([
    {
      name: 'register-lead',
      concurrency: 1,
      process: async () => {
        tries += 1;
        return { kind: 'failed', code: 'API_KO' };
      },
    },
  ]);
  await under.connection.offer([{ name: 'register-lead', id: 'r7-v1', payload: { rowId: '7', version: 1 } }]);
  const app = the.beside({ users }, { board: () => under.connection.board() });
  const ana = await logIn(app, 'ana');
  const job = async () => {
    const { body } = await ana.ask('/queues/api/queues?activeQueue=register-lead&status=failed&page=1&jobsPerPage=10');
    const { queues } = JSON.parse(body) as { queues: { name: string; jobs: { id: string; data: unknown }[] }[] };
    return queues.find(({ name }) => name === 'register-lead')?.jobs[0] ?? null;
  };
  await eventually('the job has failed', job);
  return { app, ana, job, tries: () => tries };
}

const put = (who: Session, path: string, site = 'same-origin') =>
  who.ask({ method: 'PUT', url: `/queues${path}`, headers: { 'sec-fetch-site': site } });

describe('the board of the queues', () => {
  it('shows jobs, which hold ids alone, and retries one by whoever is logged in', async () => {
    const { ana, job, tries } = await withBoard();
    expect((await job())?.data).toEqual({ rowId: '7', version: 1 });
    const retried = await put(ana, '/api/queues/register-lead/r7-v1/retry');
    expect(retried.status).toBeLessThan(300);
    await eventually('it is tried again', async () => tries() === 2);
    expect(await the.audited('console.queue_act')).toEqual([
      { actor: 'console:ana', detail: { path: '/api/queues/register-lead/r7-v1/retry' } },
    ]);
  });

  it('lets nothing else through: no queue is paused, emptied, cleaned or added to', async () => {
    const { ana, job } = await withBoard();
    const acts = ['pause', 'empty', 'obliterate', 'clean/failed', 'promote', 'r7-v1/clean', 'r7-v1/update-data'];
    for (const act of acts) expect((await put(ana, `/api/queues/register-lead/${act}`)).status, act).toBe(403);
    expect((await put(ana, '/api/queues/pause')).status).toBe(403);
    expect((await ana.ask({ method: 'POST', url: '/queues/api/queues/register-lead/add' })).status).toBe(404);
    expect(await job()).not.toBeNull();
  });

  it('is for operators, behind the same door', async () => {
    const { app } = await withBoard();
    expect((await askOf(app, '/queues')).location).toBe('/login?next=%2Fqueues');
    expect((await askOf(app, '/queues/api/queues')).status).toBe(303);
    const luis = await logIn(app, 'luis');
    expect([(await luis.ask('/queues')).status, (await luis.ask('/queues/api/queues')).status]).toEqual([403, 403]);
    expect((await put(luis, '/api/queues/register-lead/retry/failed')).status).toBe(403);
    expect((await luis.ask('/')).body).not.toContain('href="/queues"');
  });

  it('takes a change from our own page alone', async () => {
    const { ana, tries } = await withBoard();
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await put(ana, '/api/queues/register-lead/r7-v1/retry', site)).status).toBe(403);
    expect(tries()).toBe(1);
  });

  it('asks for nothing from outside, and its policy lets no script of a page run', async () => {
    const { ana } = await withBoard();
    const page = await ana.ask('/queues');
    expect(page.body).not.toMatch(/https?:\/\/(?!www\.w3)/);
    expect(page.body).not.toMatch(/<style|style=|<%/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'; style-src 'self';");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    const elsewhere = await ana.ask('/files');
    expect(elsewhere.headers['content-security-policy']).toContain("base-uri 'none'");
    expect((await ana.ask('/queues/static/../../package.json')).status).toBe(404);
    expect((await ana.ask('/queues/static/%2e%2e/index.ejs')).status).toBe(404);
  });

  it('is not there in a console without a service, which says so', async () => {
    const ana = await the.logIn('ana');
    expect((await ana.ask('/queues')).body).toContain('has no queue');
  });
});

describe.skipIf(chromiumPath === null)('in a browser', () => {
  it('draws itself under the policy, without a complaint, and leads back', async () => {
    const { app } = await withBoard();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    const browser = await launchChromium();
    const { page, complaints } = await openPage(browser);
    await page.goto(`${url}/login`);
    await page.fill('input[name=name]', 'ana');
    await page.fill('input[name=password]', password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/`);
    await page.click('nav >> text=Queues');
    await page.getByText('register-lead').first().waitFor();
    await page.goto(`${url}/queues/queue/register-lead?status=failed`);
    await page.getByText('r7-v1').first().waitFor();
    expect(complaints).toEqual([]);
    await browser.close();
  });
});

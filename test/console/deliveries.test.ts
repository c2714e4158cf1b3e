import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConsole, aUser, fieldsOf, textOf, type Session, type TestConsole } from './a-console.ts';

const users = [aUser('ana', 'operator'), aUser('bea', 'operator'), aUser('luis', 'viewer')];
const reason = 'they are back';

let the: TestConsole;
let ana: Session;
let bea: Session;
let luis: Session;
beforeAll(async () => {
  the = await aConsole('console deliveries', { users });
  [ana, bea, luis] = (await Promise.all(['ana', 'bea', 'luis'].map((name) => the.logIn(name)))) as [
    Session,
    Session,
    Session,
  ];
});
afterAll(() => the.close());

const page = async (who: Session, path = '/deliveries'): Promise<string> => (await who.ask(path)).body;

async function endNight(night: string): Promise<void> {
  const webhook = { channel: 'webhook', recipient: 'acme' } as const;
  await the.example.opened.deliveries.endNight(night, {}, [{ channel: 'email', recipient: null }, webhook], 'test');
}

/** Tries what is due: e-mails arrive; webhooks are given up, and their receiver is stopped. */
async function tryAll(): Promise<void> {
  const { deliveries } = the.example.opened;
  for (const one of await deliveries.claimDue(['email', 'webhook'], 100)) {
    if (one.channel === 'email') await deliveries.delivered(one, 250);
    else await deliveries.failed(one, { code: 'DELIVERY_REFUSED', httpStatus: 500, delayMs: null, stop: true }, 'w');
  }
}

describe('the deliveries', () => {
  it('say that there are none yet', async () => {
    expect(textOf(await page(luis))).toContain('Nothing was told to anybody yet');
    expect(textOf(await page(luis, '/deliveries?state=given_up'))).toContain('No delivery fits');
  });

  it('are shown with what they tell, to whom, and what became of them; a receiver in trouble above', async () => {
    await endNight('2026-06-01');
    await tryAll();
    const text = textOf(await page(ana));
    expect(text).toMatch(/night 2026-06-01 those who run leadsync, by email delivered/);
    expect(text).toMatch(/night 2026-06-01 acme, by webhook given up DELIVERY_REFUSED \(500\)/);
    expect(text).toMatch(/Webhooks to acme are stopped for \d+ \w+ ?: DELIVERY_REFUSED \(500\)/);
    expect(text).toContain('1 of the last fortnight was given up');
    const given = textOf(await page(ana, '/deliveries?partner=acme&state=given_up'));
    expect([given.includes('by webhook'), given.includes('by email')]).toEqual([true, false]);
    // The overview leads there.
    expect(await page(ana, '/')).toContain('href="/deliveries?partner=acme"');
  });

  it('are shown page by page, oldest last', async () => {
    for (let day = 2; day <= 28; day += 1) await endNight(`2026-06-${String(day).padStart(2, '0')}`);
    const first = await page(ana);
    expect(first.match(/<tr role="row">/g)).toHaveLength(51);
    const older = /rel="next" href="([^"]+)"/.exec(first)?.[1] ?? '';
    const second = await page(ana, older);
    expect(second.match(/<tr role="row">/g)).toHaveLength(7);
    expect(textOf(second)).toContain('night 2026-06-01');
    expect(second).toContain('href="/deliveries">Newest');
  });

  it('are kept as they are now', async () => {
    const answer = await ana.ask({ url: '/live/deliveries?state=given_up', headers: { accept: 'application/json' } });
    const parts = JSON.parse(answer.body) as Record<string, string>;
    expect(Object.keys(parts)).toEqual(['troubles', 'list']);
    expect(textOf(parts['list'] ?? '')).toContain('given up');
    expect(textOf(parts['list'] ?? '')).not.toContain('waits');
  });
});

describe('acts on deliveries', () => {
  it('send one again, once: who comes later is told so', async () => {
    const listed = await page(ana, '/deliveries?state=given_up');
    const one = /href="(\/deliveries\/\d+)"/.exec(listed)?.[1] ?? '';
    const to = `${one}/again`;
    const body = await page(ana, one);
    expect(textOf(body)).toMatch(
      /given up DELIVERY_REFUSED : .*What to do: .*about night 2026-06-01 to acme, by webhook/,
    );
    const form = fieldsOf(body, to);
    const done = await ana.post(to, { ...form, reason });
    expect([done.status, done.location]).toEqual([303, one]);
    const [sent] = await the.ports.deliveries.deliveries({ id: to.split('/')[2] ?? '', limit: 1 });
    expect(sent).toMatchObject({ state: 'pending', tries: 0 });
    const late = await bea.post(to, { seen: form['seen'] ?? '', reason });
    expect([late.status, textOf(late.body).includes('somebody was quicker')]).toEqual([409, true]);
    const entries = await the.example.opened.auditTrail.log.entries('0', 100_000);
    const again = entries.map(({ line }) => JSON.parse(line) as { action: string; actor: string; reason: string });
    expect(again.filter(({ action }) => action === 'delivery.again')).toMatchObject([{ actor: 'console:ana', reason }]);
  });

  it('let a receiver that was stopped be told again: one does, the other is told', async () => {
    const to = '/deliveries/targets/webhook/acme/go-on';
    const forms = await Promise.all([ana, bea].map(async (one) => fieldsOf(await page(one), to)));
    const answers = await Promise.all([ana, bea].map((one, at) => one.post(to, { ...forms[at], reason })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    expect((await the.ports.deliveries.troubles()).some(({ stoppedAt }) => stoppedAt !== null)).toBe(false);
  });

  it('take the role, and a delivery that there is', async () => {
    expect(await page(luis)).not.toContain('name="reason"');
    expect(await page(luis, '/deliveries/1')).not.toContain('name="reason"');
    expect((await luis.ask('/deliveries/4711')).status).toBe(404);
    expect((await luis.post('/deliveries/1/again', { reason })).status).toBe(403);
    expect((await ana.post('/deliveries/4711/again', { reason })).status).toBe(404);
    expect((await ana.post('/deliveries/targets/pigeon/acme/go-on', { reason })).status).toBe(409);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConsole, aUser, type TestConsole } from './a-console.ts';
import { aMachine, askApi, machineWith, type Machine } from './an-api.ts';

let the: TestConsole;
let viewer: Machine;
beforeAll(async () => {
  the = await aConsole('console api door', { users: [aUser('ana', 'admin')] });
  viewer = aMachine(the, 'grafana', 'viewer');
});
afterAll(() => the.close());

const codeOf = ({ json }: { readonly json: { error: { code: string } } }): string => json.error.code;

describe('the door of the API', () => {
  it('lets in who shows a token, and refuses without one, with the header that says how', async () => {
    expect((await viewer.get('/breaker')).status).toBe(200);
    for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', viewer.token]) {
      const answer = await askApi(the.app, { url: '/api/breaker', headers: { authorization } as never });
      expect([authorization, answer.status, codeOf(answer)]).toEqual([authorization, 401, 'CONSOLE_TOKEN_MISSING']);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="leadsync"');
    }
  });

  it('takes no cookie and no password: a session of an admin opens nothing', async () => {
    const ana = await the.logIn('ana');
    for (const url of ['/api/status', '/api/nowhere']) {
      const answer = await askApi(the.app, { url, headers: { cookie: ana.cookie } });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'CONSOLE_TOKEN_MISSING']);
    }
    const answer = await askApi(the.app, {
      method: 'POST',
      url: '/api/work/pause',
      headers: { cookie: ana.cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      payload: '{"reason":"a test"}',
    });
    expect(answer.status).toBe(401);
  });

  it('takes a token also where the console has no users and everybody may look', async () => {
    const open = the.beside({ users: [] });
    expect((await askApi(open, { url: '/api/status' })).status).toBe(401);
    expect((await machineWith(viewer.token, open).get('/status')).status).toBe(200);
  });

  it('lets a token open no page', async () => {
    const answer = await the.ask({ url: '/files', headers: { authorization: `Bearer ${viewer.token}` } });
    expect(answer.status).toBe(303);
  });

  it('refuses a token that was revoked or has expired, at once, and writes down whose it was', async () => {
    const crm = aMachine(the, 'crm', 'operator');
    expect((await crm.get('/breaker')).status).toBe(200);
    the.revoke(crm.token);
    expect(codeOf(await crm.get('/breaker'))).toBe('CONSOLE_TOKEN_REFUSED');
    const old = machineWith(the.aToken('old', 'admin', new Date(Date.now() - 1)), the.app);
    expect(codeOf(await old.get('/breaker'))).toBe('CONSOLE_TOKEN_REFUSED');
    const audited = await the.audited('console.token_refused');
    expect(audited.slice(-2)).toEqual([
      { actor: 'console-api', detail: { why: 'unknown', address: '127.0.0.1' } },
      { actor: 'console-api:old', detail: { why: 'expired', address: '127.0.0.1' } },
    ]);
    expect(JSON.stringify(audited)).not.toContain(crm.token);
  });

  it('looks at no further token after fifty wrong ones from an address; who was right before goes on', async () => {
    const from = { remoteAddress: '10.0.0.7' };
    const ask = (token: string) =>
      askApi(the.app, { url: '/api/breaker', ...from, headers: { authorization: `Bearer ${token}` } });
    expect((await ask(viewer.token)).status).toBe(200);
    for (let tries = 0; tries < 50; tries += 1) expect((await ask(`wrong-${tries}`)).status).toBe(401);
    const unseen = the.aToken('unseen', 'viewer');
    for (const token of ['wrong-50', unseen]) {
      const late = await ask(token);
      expect([late.status, codeOf(late), Number(late.headers['retry-after']) > 800]).toEqual([
        429,
        'CONSOLE_TRIES_TOO_MANY',
        true,
      ]);
    }
    expect((await ask(viewer.token)).status).toBe(200);
    // From elsewhere nobody is kept out.
    expect((await machineWith(unseen, the.app).get('/breaker')).status).toBe(200);
    const whys = (await the.audited('console.token_refused'))
      .map(({ detail }) => detail as { why: string; address: string })
      .filter(({ address }) => address === '10.0.0.7')
      .map(({ why }) => why);
    expect(whys).toEqual([...Array.from({ length: 49 }, () => 'unknown'), 'too_many_tries']);
  });

  it('refuses too low a role each time, and writes down the first fifty of a quarter of an hour', async () => {
    const eager = aMachine(the, 'eager', 'viewer');
    for (let tries = 0; tries < 60; tries += 1)
      expect((await eager.post('/work/pause', { reason: 'a test' })).status).toBe(403);
    const audited = (await the.audited('console.refused')).filter(({ actor }) => actor === 'console-api:eager');
    expect(audited.map(({ detail }) => (detail as { why: string }).why)).toEqual([
      ...Array.from({ length: 49 }, () => 'role'),
      'role_too_often',
    ]);
    expect(audited[0]?.detail).toMatchObject({ role: 'viewer', needed: 'admin', route: '/api/work/pause' });
  });

  it('answers to no other name, in JSON', async () => {
    const answer = await viewer.ask({ url: '/api/status', headers: { host: 'evil.example' } });
    expect([answer.status, codeOf(answer)]).toEqual([421, 'CONSOLE_HOST_STRANGE']);
  });
});

describe('every answer of the API', () => {
  it('is data: kept nowhere, shown as no page, framed by nobody, read by no other site', async () => {
    for (const answer of [
      await viewer.get('/breaker'),
      await viewer.get('/nowhere'),
      await viewer.post('/breaker', {}),
      await askApi(the.app, { url: '/api/status' }),
    ]) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });
});

describe('what the API does not know', () => {
  it.each(['/nowhere', '', '/', '/files/1/nothing', '/files/%2e%2e', '/%00', '/files/1%2f..'])(
    'is answered with one shape: %j',
    async (path) => {
      const answer = await viewer.get(path);
      expect(answer.status).toBe(404);
      expect(Object.keys(answer.json)).toEqual(['error']);
      expect(Object.keys(answer.json.error)).toEqual(['code', 'message', 'hint']);
    },
  );

  it('says which methods a path has', async () => {
    for (const [method, url, allow] of [
      ['POST', '/api/status', 'GET, HEAD'],
      ['DELETE', '/api/files/1', 'GET, HEAD'],
      ['GET', '/api/search', 'POST'],
      ['OPTIONS', '/api/search', 'POST'],
      ['PUT', '/api/search?x=1', 'POST'],
    ] as const) {
      const answer = await viewer.ask({ method, url });
      expect([answer.status, codeOf(answer), answer.headers['allow']]).toEqual([405, 'CONSOLE_METHOD_UNKNOWN', allow]);
    }
  });

  it('refuses what is no JSON, too long, or would reach into objects', async () => {
    const post = (payload: string | Buffer, type: string | undefined = 'application/json') =>
      viewer.ask({ method: 'POST', url: '/api/search', payload, headers: { 'content-type': type } as never });
    const answers = await Promise.all([
      post('{"text":'),
      post(''),
      post('[]'),
      post('null'),
      post('{"__proto__":{"text":"x"},"text":"CRM-1"}'),
      post('{"text":"CRM-1","constructor":{"prototype":{}}}'),
      post(`${'['.repeat(30_000)}${']'.repeat(30_000)}`),
      post('{"text":"a\\u0000b"}'),
      post('{"text":"\\ud800"}'),
      post('{"text":"CRM-1","more":1}'),
      post('{"text":"CRM-1","text":"CRM-2"}'),
      post('{"text":"CRM-1","\\u0074ext":"CRM-2"}'),
      post(Buffer.from('{"text":"Peña"}', 'latin1')),
      post('text=CRM-1', 'application/x-www-form-urlencoded'),
      post('{"text":"CRM-1"}', 'text/plain'),
      post(JSON.stringify({ text: 'x'.repeat(70_000) })),
    ]);
    expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual([
      ...Array.from({ length: 13 }, () => [400, 'CONSOLE_REQUEST_INVALID']),
      [415, 'CONSOLE_BODY_KIND_UNKNOWN'],
      [415, 'CONSOLE_BODY_KIND_UNKNOWN'],
      [413, 'CONSOLE_BODY_TOO_LARGE'],
    ]);
    expect(({} as { text?: string }).text).toBeUndefined();
  });

  it('is refused also where a path takes no body: what would be passed over was meant', async () => {
    const operator = aMachine(the, 'crm-bodies', 'operator');
    const answers = [
      await operator.post('/audit/verify', { since: '2026-06-01' }),
      await operator.post(`/files/${the.example.fileId}/reread/preview`, { seen: 'x' }),
      await operator.post('/audit/verify', []),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => 'CONSOLE_REQUEST_INVALID'));
    expect((await operator.post('/audit/verify', {})).status).toBe(200);
  });

  it('is one thing or another inside too: a name may stand once in each object, as often as there are objects', async () => {
    const operator = aMachine(the, 'crm-names', 'operator');
    const twice = await operator.post('/updates', '{"updates":[{"lead":"L-1","estado":"7","estado":"20"}]}');
    expect([twice.status, twice.json.error.message]).toEqual([400, 'body: a name stands twice in one object']);
    const once = await operator.post('/updates', '{"updates":[{"lead":"x","estado":"7"},{"lead":"y","estado":"7"}]}');
    expect([once.status, once.json.refused]).toEqual([200, 2]);
  });

  it('repeats nothing of what was sent', async () => {
    for (const answer of [
      await viewer.get('/rows?nif=00000001R'),
      await viewer.get('/rows?00000001R=1'),
      await viewer.get('/rows?state=00000001R'),
      await viewer.get('/leads/00000001R'),
      await viewer.get('/nowhere/00000001R'),
      await viewer.get('/files/%zz00000001R'),
      await askApi(the.app, { url: '/api/%zz00000001R' }),
      await viewer.post('/search', { text: { '00000001R': 1 }, '00000001R': 1 }),
    ]) {
      expect([400, 404]).toContain(answer.status);
      expect(Object.keys(answer.json.error)).toEqual(['code', 'message', 'hint']);
      expect(answer.text).not.toContain('00000001R');
    }
  });

  it('is counted under its route, and never under what was asked', async () => {
    const { body } = await the.ask({
      url: '/metrics',
      headers: { authorization: `Basic ${Buffer.from('ana:correcto caballo pila').toString('base64')}` },
    });
    expect(body).toContain('route="/api/breaker"');
    expect(body).not.toContain('00000001R');
  });
});

describe('a ledger that does not answer', () => {
  it('is said with the code alone', async () => {
    const broken = () => Promise.reject(Object.assign(new Error('value 00000001R'), { code: '57P01' }));
    const app = the.beside({}, { ledger: { ...the.ports.ledger, stops: broken } });
    const answer = await machineWith(viewer.token, app).get('/breaker');
    expect([answer.status, codeOf(answer)]).toEqual([503, 'CONSOLE_FAILED']);
    expect(answer.text).not.toContain('00000001R');
    expect(the.events.at(-1)).toEqual(['pageFailed', { route: '/api/breaker', code: '57P01' }]);
  });
});

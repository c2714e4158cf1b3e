import { createServer } from 'node:https';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { checksOf } from '../../src/conformance/checks.ts';
import type { DeploymentOptions } from '../../src/conformance/deployment.ts';
import { startProxy, tunnel } from '../adapters/leads-api/proxy-under-test.ts';
import { json, startRawServer } from '../adapters/leads-api/raw-server.ts';
import { selfSigned } from '../adapters/leads-api/self-signed.ts';
import { ofAnotherHost } from '../adapters/leads-api/strange-certificates.ts';
import { contract, deploymentAt, examine } from './a-deployment.ts';
import { startStrangeApi } from './strange-api.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function closedLater<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  opened.push(started);
  return started;
}

/** Counts its calls. */
async function anApi(serve?: Parameters<typeof startStrangeApi>[1]) {
  const seen = { calls: 0 };
  const api = await closedLater(startStrangeApi((_asked, legal) => ((seen.calls += 1), legal), serve));
  return { url: api.url, calls: () => seen.calls };
}

const proxied = (...parameters: Parameters<typeof startProxy>) => closedLater(startProxy(...parameters));
const harmless = checksOf(contract, { write: false });
const tls = { ca: selfSigned.cert };
const examineAt = (url: string, options: Partial<DeploymentOptions>) => examine(deploymentAt(url, options), harmless);

describe('through a proxy', () => {
  test('everything goes by tunnels, and the report says so', async () => {
    const api = await anApi((listener) => createServer(selfSigned, listener));
    const proxy = await proxied((socket) => tunnel(socket, api.url));
    const examined = await examineAt(api.url, { tls, proxy: proxy.url.replace('://', '://ana:p%40ss@') });
    expect(examined.unfit('must', 'should')).toEqual([]);
    const { port } = new URL(proxy.url);
    expect(examined.find('reachability.proxy')).toMatchObject({ result: 'pass' });
    expect(examined.find('reachability.proxy').got).toMatch(
      new RegExp(`^calls go through 127\\.0\\.0\\.1, port ${port}: connected in \\d+ ms$`),
    );
    expect(examined.find('reachability.name').got).toBe('not looked up here: the proxy does it');
    expect(examined.find('reachability.connects').expected).toMatch(/, through the proxy$/);
    expect(examined.find('reachability.certificate').got).toMatch(/^localhost, by localhost/);
    expect(examined.find('latency.keep-alive').got).toMatch(/^\d+ calls over 1 connections?/);
    // One for the look at the connection, one for all calls.
    expect(proxy.asked).toHaveLength(2);
    for (const head of proxy.asked) {
      expect(head).toMatch(new RegExp(`^CONNECT ${new URL(api.url).host} HTTP/1\\.1\\r\\n`));
      expect(head).toMatch(new RegExp(`^proxy-authorization: Basic ${btoa('ana:p@ss')}\r$`, 'im'));
    }
    expect(JSON.stringify(examined.findings)).not.toMatch(/ana:|p@ss|p%40ss/);
  });

  test('http is tunnelled as well, and the token is fetched through the proxy', async () => {
    const api = await anApi();
    const answer = json({ access_token: 'of-the-api', expires_in: 60 });
    const tokens = await closedLater(startRawServer((socket) => socket.write(answer)));
    const proxy = await proxied((socket, head) => tunnel(socket, `http://${head.split(' ')[1]}`));
    const auth = { kind: 'oauth2', tokenUrl: `${tokens.url}/token`, clientId: 'id', clientSecret: 'secret' } as const;
    const examined = await examineAt(api.url, { proxy: proxy.url, auth });
    expect(examined.unfit('must', 'should')).toEqual([]);
    expect(examined.find('authentication.token').result).toBe('pass');
    const asked = proxy.asked.map((head) => `http://${head.split(' ')[1]}`);
    expect(asked).toEqual([api.url, tokens.url, api.url]);
    expect(proxy.outside()).not.toMatch(/secret|of-the-api|12345601Y/);
  });

  test.each([
    ['localhost', 'localhost'],
    ['its address', '127.0.0.1'],
  ])('an https proxy is given by %s', async (_name, host) => {
    const api = await anApi((listener) => createServer(selfSigned, listener));
    const proxy = await proxied((socket) => tunnel(socket, api.url), createTlsServer(selfSigned));
    const examined = await examineAt(api.url, { tls, proxy: proxy.url.replace('localhost', host) });
    expect(examined.unfit('must', 'should')).toEqual([]);
  });
});

describe('names the proxy, and makes no call, when', () => {
  test('it is not there', async () => {
    const gone = await startProxy(() => {});
    await gone.close();
    const api = await anApi();
    const examined = await examineAt(api.url, { proxy: gone.url });
    expect(examined.find('reachability.proxy')).toMatchObject({
      result: 'fail',
      got: 'ECONNREFUSED',
      set: expect.stringContaining('LEADS_API_PROXY'),
    });
    expect([examined.deployment.exchanges, api.calls()]).toEqual([[], 0]);
  });

  test('nobody trusts its certificate, or it is another’s', async () => {
    for (const credentials of [selfSigned, ofAnotherHost]) {
      const proxy = await proxied(() => {}, createTlsServer(credentials));
      const trust = credentials === ofAnotherHost ? { ca: ofAnotherHost.cert } : {};
      const examined = await examineAt('https://api.example', { tls: trust, proxy: proxy.url });
      expect(examined.find('reachability.proxy')).toMatchObject({
        result: 'fail',
        set: expect.stringContaining('LEADS_API_TLS_CA'),
      });
      expect(proxy.asked).toEqual([]);
    }
  });

  test.each([
    [407, 'LEADS_API_PROXY: user and password'],
    [403, 'who runs the proxy'],
    [502, 'LEADS_API_URL'],
  ])('it answers CONNECT with %d', async (status, set) => {
    const api = await anApi();
    const proxy = await proxied((socket) => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`));
    const examined = await examineAt(api.url, { proxy: proxy.url });
    expect(examined.find('reachability.proxy').result).toBe('pass');
    expect(examined.find('reachability.connects')).toMatchObject({
      result: 'fail',
      got: `CONNECT was answered with ${status}`,
      set: expect.stringContaining(set),
    });
    expect([examined.deployment.exchanges, api.calls()]).toEqual([[], 0]);
  });

  test.each([
    ['ends the connection', (socket: { end(): void }) => socket.end(), 'ECONNRESET'],
    ['speaks no HTTP', (socket: { end(text: string): void }) => socket.end('SSH-2.0\r\n\r\n'), 'HPE_INVALID_CONSTANT'],
    ['never answers', () => {}, 'ETIMEDOUT'],
  ])('it %s', async (_name, behave, code) => {
    const proxy = await proxied(behave);
    const examined = await examineAt('https://api.example', { proxy: proxy.url, timeoutMs: 500 });
    expect(examined.find('reachability.connects')).toMatchObject({
      result: 'fail',
      got: `no answer to CONNECT (${code})`,
    });
  });

  test('it opens a tunnel and refuses the next: the call says what it was', async () => {
    const api = await anApi();
    const proxy = await proxied((socket, _head, nth) =>
      nth === 1 ? tunnel(socket, api.url) : socket.end('HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n'),
    );
    const examined = await examineAt(api.url, { proxy: proxy.url });
    expect(examined.find('authentication.accepted')).toMatchObject({
      result: 'fail',
      got: 'no answer (the proxy answered CONNECT with 407)',
    });
    expect(api.calls()).toBe(0);
  });
});

test('without a proxy the report says that there is none', async () => {
  const api = await anApi();
  const examined = await examineAt(api.url, {});
  expect(examined.find('reachability.proxy')).toMatchObject({
    result: 'observed',
    got: 'none: calls go straight to the API',
  });
});

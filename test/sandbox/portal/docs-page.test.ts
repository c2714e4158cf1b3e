import { request } from 'node:http';
import { expect, test } from 'vitest';
import { effects } from '../../../src/sandbox/faults/ordered-fault.ts';
import { scenarios } from '../../../src/sandbox/faults/scenarios.ts';
import { baseUrlOf } from '../../../src/sandbox/portal/base-url.ts';
import { contracts } from '../../../src/contract/index.ts';
import { useSandboxes } from '../sandbox-under-test.ts';
import { laterVersion } from './later-version.ts';
import { shownFigures } from './shown-figures.ts';

const sandboxes = useSandboxes('sandbox docs');

const pageOf = async (url: string) => (await fetch(`${url}/docs`)).text();

test('is where the bare address leads', async () => {
  const { url } = await sandboxes.start();
  const answer = await fetch(`${url}/`);
  expect([answer.status, new URL(answer.url).pathname]).toEqual([200, '/docs']);
});

test('every link leads somewhere, and no id stands twice', async () => {
  const { url } = await sandboxes.start();
  const page = await pageOf(url);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const links = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, href = '']) => href);
  expect(links.length).toBeGreaterThan(50);
  for (const href of new Set(links)) {
    if (href.startsWith('#')) expect([href, ids.includes(href.slice(1))]).toEqual([href, true]);
    else expect([href, (await fetch(url + href)).status]).toEqual([href, 200]);
  }
});

test('asks for nothing from outside and holds no script or style of its own', async () => {
  const { url } = await sandboxes.start();
  const answer = await fetch(`${url}/docs`);
  expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'self'|default-src 'self'/);
  const page = await answer.text();
  expect(page).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/)|<style|\sstyle=|\son\w+=/);
});

test('names the address that it was asked on', async () => {
  const { url } = await sandboxes.start();
  for (const { kind, text } of await shownFigures(url)) {
    if (kind === 'command') expect(text.split(' \\\n')[0]).toContain(` ${url}/`);
  }
});

test.each([
  ['leads.example.com', 'http://leads.example.com'],
  ['[::1]:7080', 'http://[::1]:7080'],
  ['a.example:1$(id)', 'http://127.0.0.1:7080'],
  ['a.example"><script>', 'http://127.0.0.1:7080'],
  ["a';rm -rf /", 'http://127.0.0.1:7080'],
  ['user@a.example', 'http://127.0.0.1:7080'],
  ['', 'http://127.0.0.1:7080'],
])('reads the Host %j as %s', (host, expected) => {
  expect(baseUrlOf({ protocol: 'http', headers: { host } })).toBe(expected);
});

test('writes nothing of a hostile Host into the page', async () => {
  const { url } = await sandboxes.start();
  const page = await new Promise<string>((resolve, reject) => {
    const asked = request(`${url}/docs`, { headers: { host: 'evil"><script>alert(1)</script>' } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(text));
    });
    asked.on('error', reject).end();
  });
  expect(page).not.toContain('evil');
  expect(page).toContain('http://127.0.0.1:7080/client-data');
});

test('lists every field of every body, every scenario and every effect', async () => {
  const { url } = await sandboxes.start();
  const page = await pageOf(url);
  const rows = [...page.matchAll(/<th scope="row"><code>([^<]+)<\/code><\/th>/g)].map(([, name]) => name);
  const bodies = ['nif', 'partnerManage', 'multiAcceso', 'idLanding', 'estado', 'observacion', 'reference'];
  expect(rows).toEqual(expect.arrayContaining(bodies));
  expect(rows).toEqual(expect.arrayContaining(contracts['1.2.5'].leadFields.map(({ name }) => name)));
  expect(rows).toEqual(expect.arrayContaining(scenarios.map(({ name }) => name)));
  expect(rows).toEqual(expect.arrayContaining(effects.map(({ name }) => name)));
  expect(page).toContain('retryAfterSeconds');
});

test('names every leadOrigin of the specification, what is assumed of ramo, and how its CSV is read back', async () => {
  const { url } = await sandboxes.start();
  const page = await pageOf(url);
  const { leadOrigins, assumedRamos } = contracts['1.2.5'];
  expect(Object.keys(leadOrigins)).toHaveLength(9);
  for (const [code, label] of [...Object.entries(leadOrigins), ...Object.entries(assumedRamos)]) {
    expect(page).toContain(`<code>${code}</code> ${label}`);
  }
  expect(page).toMatch(/take\s+one\s+apostrophe/);
});

test('follows the version of the contract, and escapes what it says', async () => {
  const { url } = await sandboxes.start({ contract: laterVersion() });
  const page = await pageOf(url);
  expect(page).toContain('<th scope="row"><code>matricula</code></th>');
  expect(page).toContain('Plate of the &lt;car&gt;.');
  expect(page).toContain('<th scope="row"><code>campana</code></th>');
  expect(page).not.toContain('<th scope="row"><code>campaign</code></th>');
  expect(page).toContain('<code>9.0.0</code>');
});

test('shows credentials with the calls to its own paths where it listens beyond loopback', async () => {
  const authentication = { kind: 'api-key', clientId: 'acme', key: 'k-1' } as const;
  const { url } = await sandboxes.start({ authentication, host: '0.0.0.0' });
  expect((await fetch(`${url}/docs`)).status).toBe(401);
  const authorization = `Basic ${btoa('acme:k-1')}`;
  const page = await (await fetch(`${url}/docs`, { headers: { authorization } })).text();
  expect(page).toContain('-u &quot;$CLIENT_ID:$API_KEY&quot;');
  expect(page).not.toContain('k-1');
});

import { expect, test } from 'vitest';
import { contracts } from '../../../src/contract/index.ts';
import type { LeadsContract } from '../../../src/contract/leads-contract.ts';
import { linkIn, useFichaGestion } from './ficha-under-test.ts';

const ficha = useFichaGestion('ficha lead');
const contract: LeadsContract = contracts['1.2.5'];

test('shows every field of the contract with its description, in the order of the contract', async () => {
  const leadId = await ficha.create({ email: 'ana@example.com' });
  const page = await ficha.page(`/ficha-gestion/${leadId}`);
  expect([...page.matchAll(/<div class="field.*?<dt>(\w+)/gs)].map(([, name]) => name)).toEqual(
    contract.leadFields.map(({ name }) => name),
  );
  const text = page.replaceAll('&#39;', "'");
  for (const { description } of contract.leadFields) expect(text).toContain(description);
  expect(page).toMatch(/<dt>email<\/dt>\s*<dd class="value">ana@example\.com<\/dd>/);
  expect(page).toMatch(/<div class="field empty">\s*<dt>tresAgentes<\/dt>/);
});

test('shows a field that the contract gains, and what a body calls it', async () => {
  const [first] = contract.leadFields;
  if (first === undefined) throw new Error('a contract without fields');
  const field = { ...first, name: 'shoeSize', wireName: 'shoe_size', description: 'In Paris points.' };
  const url = await ficha.serve({ contract: { ...contract, leadFields: [...contract.leadFields, field] } });
  const leadId = await ficha.create();
  await ficha.pool.query(`update sandbox.leads set body = body || '{"shoeSize": "43"}'`);
  const page = await (await fetch(`${url}/ficha-gestion/${leadId}`)).text();
  expect(page).toMatch(/<dt>shoeSize <span class="wire">sent as shoe_size<\/span><\/dt>\s*<dd class="value">43<\/dd>/);
  expect(page).toContain('In Paris points.');
});

test('shows a field that another version of the contract has brought', async () => {
  const leadId = await ficha.create();
  await ficha.pool.query(`update sandbox.leads set body = body || '{"shoeSize": "43"}'`);
  expect(await ficha.page(`/ficha-gestion/${leadId}`)).toMatch(/<dt>shoeSize<\/dt>\s*<dd class="value">43<\/dd>/);
});

test.each([
  [{ agenteId: '0051245' }, 'agenteId', 'Agencia Ejemplo 45'],
  [{ agenteId: '9999999' }, 'agenteId', 'not in the table of agents'],
  [{ leadOrigin: '12' }, 'leadOrigin', 'Whatsapp'],
  [{ leadOrigin: 'constructor' }, 'leadOrigin', null],
])('says what the insurer knows by %j', async (part, name, meaning) => {
  const page = await ficha.page(`/ficha-gestion/${await ficha.create(part)}`);
  const value = new RegExp(`<dt>${name}</dt>\\s*<dd class="value">([^]*?)</dd>`).exec(page)?.[1] ?? '';
  expect(/<span class="meaning">(.*)<\/span>/.exec(value)?.[1] ?? null).toBe(meaning);
});

test('shows how the lead came and what has become of it', async () => {
  const leadId = await ficha.create();
  await ficha.update(leadId, '5', 'Contactado <b>ayer</b>');
  await ficha.update(leadId, '20', 'Cerrado ganado');
  const page = await ficha.page(`/ficha-gestion/${leadId}`);
  expect(page).toMatch(/X-Request-Id<\/dt>\s*<dd>request-1</);
  expect(page).toMatch(/Idempotency-Key<\/dt>\s*<dd>key-1</);
  const history = /<ol class="history">.*<\/ol>/s.exec(page)?.[0] ?? '';
  expect(history).toMatch(/alta lead[^]*Contactado &lt;b&gt;ayer&lt;\/b&gt;[^]*20 · cierre en GAM[^]*Cerrado ganado/);
  expect(history.match(/<li class="closure">/g)).toHaveLength(1);
  expect(history.match(/request-2/g)).toHaveLength(2);
});

test('shows the last two hundred updates', async () => {
  const leadId = await ficha.create();
  await ficha.pool.query(
    `insert into sandbox.lead_updates (lead_id, estado, observacion) select $1, '5', 'note ' || n from generate_series(1, 201) as n`,
    [leadId],
  );
  const page = await ficha.page(`/ficha-gestion/${leadId}`);
  expect(page).toContain('Earlier updates are not shown');
  expect(page).not.toMatch(/>note 1</);
  expect(page).toMatch(/>note 2<[^]*>note 201</);
});

test('leads back to the listing that the visitor came from, and nowhere else', async () => {
  const leadId = await ficha.create();
  const backFrom = async (referer: string) =>
    linkIn(await (await ficha.get(`/ficha-gestion/${leadId}`, { referer })).text(), '‹ Leads');
  expect(await backFrom(`${ficha.url}/ficha-gestion?ramo=1&before=4711`)).toBe('/ficha-gestion?ramo=1&before=4711');
  expect(await backFrom('https://evil.example/ficha-gestion?ramo=1')).toBe('/ficha-gestion');
  expect(await backFrom(`${ficha.url}/docs?ramo=1`)).toBe('/ficha-gestion');
  expect(await backFrom('no address')).toBe('/ficha-gestion');
});

test.each(['/ficha-gestion/4711', '/ficha-gestion/%00', '/ficha-gestion/%3Cscript%3E'])(
  '%s is not found',
  async (path) => {
    const answer = await ficha.get(path);
    expect(answer.status).toBe(404);
    const page = await answer.text();
    expect(page).toContain('No such lead');
    expect(page).not.toContain('<script');
  },
);

test('a page about a person is kept in no cache and loads nothing from outside', async () => {
  const { headers } = await ficha.get(`/ficha-gestion/${await ficha.create()}`);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('referrer-policy')).toBe('same-origin');
});

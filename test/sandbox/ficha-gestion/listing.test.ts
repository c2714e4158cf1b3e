import { describe, expect, test } from 'vitest';
import { leadIdsIn, linkIn, useFichaGestion } from './ficha-under-test.ts';

const ficha = useFichaGestion('ficha listing');

test('without leads it says how to create one, and that command is accepted', async () => {
  const page = await ficha.page('/ficha-gestion');
  expect(page).toContain(`curl -sS ${ficha.url}/alta-lead`);
  const body = /-d '(\{.+?\})'/s.exec(page.replaceAll('&quot;', '"').replaceAll('&#39;', "'"))?.[1] ?? '';
  const leadId = await ficha.create(JSON.parse(body));
  expect(leadIdsIn(await ficha.page('/ficha-gestion'))).toEqual([leadId]);
});

test.each([
  ['basic', '-u "$CLIENT_ID:$CLIENT_SECRET"'],
  ['api-key', '-H "X-Own-Key: $API_KEY"'],
  ['oauth2', '-H "Authorization: Bearer $TOKEN"'],
] as const)('without leads it says how to log in, too, with authentication %s', async (authentication, shown) => {
  const url = await ficha.serve({ authentication, keyHeader: 'X-Own-Key' });
  const page = (await (await fetch(`${url}/ficha-gestion`)).text()).replaceAll('&quot;', '"');
  expect(page).toContain(shown);
  expect(page).toContain('href="/docs#authentication"');
});

test('shortens values without an end, and not those of usual length', async () => {
  const leadId = await ficha.create({ dni: '1'.repeat(2_000), campaign: 'c'.repeat(120) });
  await ficha.update(leadId, '5'.repeat(3_000), 'x');
  const page = await ficha.page('/ficha-gestion');
  expect(page).toContain(`>${'1'.repeat(120)}…<`);
  expect(page).toContain(`>${'5'.repeat(120)}…<`);
  expect(page).not.toMatch(/>[^<]*(1{121}|5{121})/);
  expect(page).toContain(`>${'c'.repeat(120)}<`);
  expect(await ficha.page(`/ficha-gestion/${leadId}`)).toContain('1'.repeat(2_000));
});

test('shows the newest lead first', async () => {
  const first = await ficha.create({ name: 'Ana Soler' });
  const second = await ficha.create({ name: 'Luis Puig' });
  const page = await ficha.page('/ficha-gestion');
  expect(leadIdsIn(page)).toEqual([second, first]);
  expect(page).toContain('2 leads, newest first');
});

test('counts up to a thousand', async () => {
  await ficha.createMany(1_000);
  expect(await ficha.page('/ficha-gestion')).toContain('1,000 leads');
  await ficha.create();
  expect(await ficha.page('/ficha-gestion')).toContain('More than 1,000 leads');
});

test('a lead named as a script is text', async () => {
  await ficha.create({ name: '<script>alert(1)</script>', campaign: '"><img src=x onerror=alert(1)>' });
  const page = await ficha.page('/ficha-gestion');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toMatch(/<script|<img/);
});

describe('filters', () => {
  test.each([
    ['partner', { partner: 'Correduría Acme S.L.' }],
    ['campaign', { campaign: 'otoño & más' }],
    ['ramo', { ramo: '7' }],
  ])('by %s', async (facet, part) => {
    const wanted = await ficha.create(part);
    await ficha.create({ partner: 'Other', campaign: 'other', ramo: '8' });
    await ficha.create();
    const query = new URLSearchParams(part).toString();
    const page = await ficha.page(`/ficha-gestion?${query}`);
    expect(leadIdsIn(page)).toEqual([wanted]);
    expect(page).toMatch(new RegExp(`<select id="${facet}"[^]*?<option value="[^"]+" selected`));
  });

  test('by estado, as the latest update has set it, and by its absence', async () => {
    const [closed, open, untouched] = [await ficha.create(), await ficha.create(), await ficha.create()];
    await ficha.update(closed, '5', 'contactado');
    await ficha.update(closed, '20', 'cerrado');
    await ficha.update(open, '5', 'contactado');
    expect(leadIdsIn(await ficha.page('/ficha-gestion?estado=20'))).toEqual([closed]);
    expect(leadIdsIn(await ficha.page('/ficha-gestion?estado=5'))).toEqual([open]);
    expect(leadIdsIn(await ficha.page('/ficha-gestion?estado=none'))).toEqual([untouched]);
  });

  test('together, and with a search', async () => {
    const wanted = await ficha.create({ name: 'Ana Soler', partner: 'Acme', ramo: '1' });
    await ficha.create({ name: 'Ana Soler', partner: 'Acme', ramo: '2' });
    await ficha.create({ name: 'Ana Soler', partner: 'Other', ramo: '1' });
    await ficha.create({ name: 'Luis Puig', partner: 'Acme', ramo: '1' });
    const path = await ficha.search({ text: 'ana', partner: 'Acme', ramo: '1', campaign: '' });
    expect(path).toMatch(/^\/ficha-gestion\?partner=Acme&ramo=1&search=[\w-]{22}$/);
    expect(leadIdsIn(await ficha.page(path))).toEqual([wanted]);
  });

  test('a filter that nothing matches says so and stays chosen', async () => {
    await ficha.create({ partner: 'Acme' });
    const page = await ficha.page('/ficha-gestion?partner=Nobody');
    expect(page).toContain('No lead matches');
    expect(page).toContain('<option value="Nobody" selected>');
  });

  test('with more than a hundred campaigns one is typed', async () => {
    for (let i = 0; i <= 100; i += 1) await ficha.create({ campaign: `campaign-${i}` });
    const page = await ficha.page('/ficha-gestion?campaign=campaign-42');
    expect(page).toMatch(/<input id="campaign" name="campaign" value="campaign-42"/);
    expect(leadIdsIn(page)).toHaveLength(1);
  });

  test('a NUL in a filter is no error', async () => {
    expect((await ficha.get('/ficha-gestion?partner=%00a&before=%00')).status).toBe(200);
  });
});

describe('search', () => {
  test.each(['garcía', 'GARCIA', 'mar gar', 'garc maría', 'Garcia-Maria'])(
    'finds María García by "%s"',
    async (text) => {
      const wanted = await ficha.create({ name: 'María José García' });
      await ficha.create({ name: 'Mario Puig' });
      expect(leadIdsIn(await ficha.page(await ficha.search({ text })))).toEqual([wanted]);
    },
  );

  test.each(['nfc', 'nfd'] as const)('finds a name with accents that came in %s', async (form) => {
    const upper = form.toUpperCase();
    const wanted = await ficha.create({ name: 'Íñigo Zubiría Čapek'.normalize(upper) });
    // As an alta lead may have stored it, whatever the contract makes of a name today.
    await ficha.pool.query(`update sandbox.leads set body = body || jsonb_build_object('name', $1::text)`, [
      'Íñigo Zubiría Čapek'.normalize(upper),
    ]);
    for (const text of ['íñigo', 'inigo', 'zubiria', 'čapek', 'Capek']) {
      for (const typed of ['NFC', 'NFD']) {
        expect(leadIdsIn(await ficha.page(await ficha.search({ text: text.normalize(typed) }))), text).toEqual([
          wanted,
        ]);
      }
    }
  });

  test.each(['<script>', "O'Neill \\", "'", '\\', '&|!():*', '***', '=', '%'])('takes "%s" for text', async (text) => {
    await ficha.create({ name: 'Ana Soler' });
    const answer = await ficha.get(await ficha.search({ text }));
    expect(answer.status).toBe(200);
    expect(leadIdsIn(await answer.text())).toEqual([]);
  });

  test.each([
    ['partnerLeadId', 'hs-40211'],
    ['NIF', '12.345.602-b'],
    ['NIF as it is stored', '12345602B'],
  ])('by %s opens the one lead that has it', async (_what, text) => {
    const wanted = await ficha.create({ partnerLeadId: 'HS-40211', dni: '12345602B' });
    await ficha.create({ partnerLeadId: 'HS-402112', dni: '12345603N' });
    expect(await ficha.search({ text })).toBe(`/ficha-gestion/${wanted}`);
  });

  test('by leadId opens the lead, unless the filters exclude it', async () => {
    const leadId = await ficha.create({ partner: 'Acme' });
    expect(await ficha.search({ text: leadId })).toBe(`/ficha-gestion/${leadId}`);
    expect(leadIdsIn(await ficha.page(await ficha.search({ text: leadId, partner: 'Other' })))).toEqual([]);
  });

  test('by the NIF of two leads lists both', async () => {
    const [first, second] = [await ficha.create(), await ficha.create()];
    await ficha.create({ dni: '12345603N' });
    expect(leadIdsIn(await ficha.page(await ficha.search({ text: '12345601x' })))).toEqual([second, first]);
  });

  test('puts nothing of what was searched for into an address, and shows it on the page', async () => {
    await ficha.create();
    await ficha.create();
    const path = await ficha.search({ text: '12345601X' });
    expect(path).toMatch(/^\/ficha-gestion\?search=[\w-]{22}$/);
    const page = await ficha.page(path);
    expect(page).toMatch(/<input[^>]+value="12345601X"/);
    expect([...page.matchAll(/(?:href|action)="([^"]*)"/g)].filter(([, url]) => url?.includes('12345601'))).toEqual([]);
    expect(linkIn(page, 'Download CSV')).toBe(path.replace('?', '.csv?'));
  });

  test('that is not known any more says so instead of listing everything', async () => {
    await ficha.create();
    for (const path of ['/ficha-gestion?search=forgotten', '/ficha-gestion.csv?search=forgotten']) {
      const answer = await ficha.get(path);
      expect(answer.status).toBe(410);
      const said = await answer.text();
      expect(said).toContain('This search is over');
      expect(leadIdsIn(said)).toEqual([]);
    }
  });
});

test('when the tables are gone it answers a page that says nothing of them', async () => {
  await ficha.pool.query('alter table sandbox.leads rename to hidden');
  try {
    const answer = await ficha.get('/ficha-gestion');
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/<h1>That did not work<\/h1>(?![^]*sandbox\.leads)/);
  } finally {
    await ficha.pool.query('alter table sandbox.hidden rename to leads');
  }
});

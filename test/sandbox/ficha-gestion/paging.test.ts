import { expect, test } from 'vitest';
import { leadIdsIn, linkIn, useFichaGestion } from './ficha-under-test.ts';

const ficha = useFichaGestion('ficha paging');

test('older pages show every lead exactly once while new ones arrive', async () => {
  const all = await ficha.createMany(130);
  const seen: string[] = [];
  let path: string | null = '/ficha-gestion';
  while (path !== null) {
    const page: string = await ficha.page(path);
    seen.push(...leadIdsIn(page));
    path = linkIn(page, 'Older ›');
    await ficha.create();
    await ficha.create();
  }
  expect(seen).toEqual(all);
});

test('newer pages lead back over the same leads', async () => {
  const all = await ficha.createMany(170);
  const first = await ficha.page('/ficha-gestion');
  expect(linkIn(first, '‹ Newer')).toBeNull();
  const second = await ficha.page(linkIn(first, 'Older ›') ?? '');
  const third = await ficha.page(linkIn(second, 'Older ›') ?? '');
  expect(leadIdsIn(third)).toEqual(all.slice(100, 150));
  const again = await ficha.page(linkIn(third, '‹ Newer') ?? '');
  expect(leadIdsIn(again)).toEqual(all.slice(50, 100));
  // Less than a page is newer: the whole first page.
  expect(leadIdsIn(await ficha.page(linkIn(again, '‹ Newer') ?? ''))).toEqual(all.slice(0, 50));
  expect(linkIn(again, 'Newest')).toBe('/ficha-gestion');
});

test('pages keep the filters and the search', async () => {
  for (let i = 0; i < 60; i += 1) await ficha.create({ name: i % 6 === 0 ? 'Luis Puig' : 'Ana Soler', ramo: '1' });
  for (let i = 0; i < 10; i += 1) await ficha.create({ name: 'Ana Soler', ramo: '2' });
  const path = await ficha.search({ text: 'ana', ramo: '1' });
  const first = await ficha.page(path);
  expect(first).toContain('50 leads');
  expect(linkIn(first, 'Older ›')).toBeNull();
  await ficha.create({ name: 'Ana Soler', ramo: '1' });
  const older = linkIn(await ficha.page(path), 'Older ›') ?? '';
  expect(older).toContain(`${path}&before=`);
  expect(leadIdsIn(await ficha.page(older))).toEqual([leadIdsIn(first).at(-1)]);
});

test.each([1_100, 2_100])('%i matches are paged as well', async (count) => {
  const all = await ficha.createMany(count);
  await ficha.pool.query(`update sandbox.leads set body = '{"name": "Ana Soler"}'`);
  await ficha.create({ name: 'Luis Puig' });
  const page = await ficha.page(await ficha.search({ text: 'soler' }));
  expect(page).toContain('More than 1,000 leads');
  expect(leadIdsIn(page)).toEqual(all.slice(0, 50));
  const second = await ficha.page(linkIn(page, 'Older ›') ?? '');
  expect(leadIdsIn(second)).toEqual(all.slice(50, 100));
  expect(leadIdsIn(await ficha.page(linkIn(second, '‹ Newer') ?? ''))).toEqual(all.slice(0, 50));
});

test('a page beside a lead that is gone leads to the newest', async () => {
  await ficha.create({ ramo: '1' });
  const answer = await ficha.get('/ficha-gestion?ramo=1&before=4711');
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/ficha-gestion?ramo=1');
});

test('behind the oldest lead it says so', async () => {
  const leadId = await ficha.create();
  expect(await ficha.page(`/ficha-gestion?before=${leadId}`)).toContain('No older leads');
});

import { parse } from 'csv-parse/sync';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { useFichaGestion } from './ficha-under-test.ts';

const ficha = useFichaGestion('ficha csv');

type Line = Readonly<Record<string, string>>;

const linesOf = (csv: string): Line[] => parse(csv, { bom: true, delimiter: ';', columns: true });

test('lists what the insurer has of each lead', async () => {
  const leadId = await ficha.create({ partnerLeadId: 'HS-1', partner: 'Acme; S.L.', campaign: 'otoño', ramo: '1' });
  await ficha.update(leadId, '20', 'Cerrado');
  const answer = await ficha.get('/ficha-gestion.csv');
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="leads-\d{8}T\d{6}Z\.csv"$/);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = bytes.toString();
  expect(text.slice(1).split('\r\n')[0]).toBe(
    'leadId;partnerLeadId;idLanding;partner;campaign;ramo;estado;agenteId;requestId;createdAt',
  );
  const [line] = linesOf(text);
  expect(line).toMatchObject({
    leadId,
    partnerLeadId: 'HS-1',
    idLanding: `LANDING-${leadId}`,
    partner: 'Acme; S.L.',
    campaign: 'otoño',
    ramo: '1',
    estado: '20',
    agenteId: '0051245',
    requestId: 'request-1',
  });
  const age = Date.now() - Date.parse(line?.['createdAt'] ?? '');
  expect(line?.['createdAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(age).toBeLessThan(60_000);
});

test('takes the filters and the search of the listing', async () => {
  const wanted = await ficha.create({ name: 'Ana Soler', ramo: '1' });
  await ficha.create({ name: 'Ana Soler', ramo: '2' });
  await ficha.create({ name: 'Luis Puig', ramo: '1' });
  const path = await ficha.search({ text: 'soler', ramo: '1' });
  const csv = await ficha.page(path.replace('?', '.csv?'));
  expect(linesOf(csv).map(({ leadId }) => leadId)).toEqual([wanted]);
});

test.each(['=1+1', '+34', '-1', '@a', ' =1', '\t=1', '＝1'])('a cell %j is no formula', async (campaign) => {
  await ficha.create({ campaign });
  expect(linesOf(await ficha.page('/ficha-gestion.csv'))[0]?.['campaign']).toBe(`'${campaign}`);
});

test('says the moment by which every lead that it lacks had not come', async () => {
  const before = await ficha.create();
  const answer = await ficha.get('/ficha-gestion.csv');
  const asOf = Date.parse(answer.headers.get('x-listing-as-of') ?? '');
  const [line] = linesOf(await answer.text());
  expect(line?.['leadId']).toBe(before);
  expect(asOf).toBeGreaterThanOrEqual(Date.parse(line?.['createdAt'] ?? ''));
  const { rows } = await ficha.pool.query<{ now: Date }>('select clock_timestamp() as now');
  expect(asOf).toBeLessThanOrEqual(rows[0]?.now.getTime() ?? 0);
});

test('lists each lead once, over any number of batches, while new ones arrive', async () => {
  const all = await ficha.createMany(4_500);
  const answer = await ficha.get('/ficha-gestion.csv');
  const newer: string[] = [];
  let csv = '';
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of answer.body ?? []) {
    csv += decoder.decode(chunk, { stream: true });
    newer.push(await ficha.create());
  }
  const listed = linesOf(csv).map(({ leadId }) => leadId ?? '');
  expect(listed.filter((leadId) => !newer.includes(leadId))).toEqual(all);
});

test('a listing that can not be read to its end breaks off instead of ending', async () => {
  await ficha.createMany(4_500);
  let queries = 0;
  const query = (...said: [string, unknown[]?]) => {
    queries += 1;
    return queries > 2 ? Promise.reject(new Error('the database is gone')) : ficha.pool.query(...said);
  };
  const url = await ficha.serve({ pool: { query: query as Pool['query'] } });
  const answer = await fetch(`${url}/ficha-gestion.csv`);
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow('terminated');
});

test('without leads there is the header alone', async () => {
  expect((await ficha.page('/ficha-gestion.csv')).trim().split('\r\n')).toHaveLength(1);
});

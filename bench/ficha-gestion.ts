import { parseArgs } from 'node:util';
import pg from 'pg';
import { startSandbox } from '../src/sandbox/start-sandbox.ts';
import { onOwnDatabase } from './own-database.ts';

/**
 * How long the Ficha Gestión takes with many leads: `node bench/ficha-gestion.ts [--leads 200000] [--rounds 20]`. Each
 * page over HTTP, milliseconds to the end of its answer, median and slowest. With DATABASE_URL on that server, else on an
 * embedded PostgreSQL in a folder of its own.
 */
const { values } = parseArgs({
  options: { leads: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '20' } },
});
const [leads, rounds] = [Number(values.leads), Number(values.rounds)];

/** Names, partners and campaigns repeat as real ones do; every tenth lead has been updated. */
const fill = `
  insert into sandbox.leads (lead_id, partner_lead_id, id_landing, estado, body, request_id, created_at)
  select n::text, 'HS-' || n, 'LANDING-' || n, case when n % 10 = 0 then (n / 10 % 20)::text end,
         jsonb_build_object(
           'name', (array['Ana','Luis','Íñigo','María José','Núria','Pau'])[(1 + n % 6)::int] || ' ' ||
                   (array['Pérez','Soler','Muñoz','García','Ferrer'])[(1 + n / 7 % 5)::int] || ' ' || to_hex(n * 7919),
           'dni', lpad(n::text, 8, '0') || 'X', 'phone', '600000001', 'agenteId', '0051245', 'motivoLlamada', '1',
           'partner', 'partner-' || n % 12, 'campaign', 'campaign-' || n % 40, 'ramo', (1 + n % 3)::text),
         'request-' || n, timestamptz '2026-01-01' + n * interval '2 minutes'
  from generate_series(10000001::bigint, 10000000 + $1::bigint) as n`;

async function run(url: string): Promise<void> {
  const sandbox = await startSandbox({ databaseUrl: url, port: 0 });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(fill, [leads]);
    await client.query('vacuum analyze sandbox.leads');
    console.log(`${leads} leads, ${rounds} rounds: median and slowest, ms`);
    const page = (query: string) => `${sandbox.url}/ficha-gestion${query}`;
    const deep = 10_000_000 + Math.ceil(leads / 2);
    await time('first page', page(''));
    await time('a page in the middle', page(`?before=${deep}`));
    await time('the last page', page('?before=10000051'));
    for (const query of ['partner=partner-3', 'campaign=campaign-7', 'ramo=1', 'estado=5', 'estado=none']) {
      await time(query, page(`?${query}`));
    }
    await time('four filters', page('?partner=partner-0&campaign=campaign-0&ramo=1&estado=4'));
    for (const text of ['soler', 'mar sol', 'a', `HS-${deep}`, `${String(deep).padStart(8, '0')}X`, 'nobody']) {
      await time(`search "${text}"`, page(''), new URLSearchParams({ text }));
    }
    await time('search "a", partner', page(''), new URLSearchParams({ text: 'a', partner: 'partner-3' }));
    await time('one lead', page(`/${deep}`));
    await time('the whole listing as CSV', page('.csv'), undefined, 1);
  } finally {
    await client.end();
    await sandbox.close();
  }
}

/** A search is posted, and its page is what the answer leads to. */
async function time(what: string, url: string, form?: URLSearchParams, times = rounds): Promise<void> {
  const took: number[] = [];
  for (let round = 0; round < times; round++) {
    const from = performance.now();
    const answer = await fetch(url, form === undefined ? {} : { method: 'POST', body: form });
    const body = await answer.text();
    took.push(performance.now() - from);
    if (!answer.ok || body === '') throw new Error(`${what}: ${answer.status}`);
  }
  took.sort((one, other) => one - other);
  const [median = 0, slowest = 0] = [took[Math.floor(took.length / 2)], took.at(-1)];
  console.log(`  ${what.padEnd(26)} ${median.toFixed(1).padStart(8)} ${slowest.toFixed(1).padStart(8)}`);
}

await onOwnDatabase('ficha', run);

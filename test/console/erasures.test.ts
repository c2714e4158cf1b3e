import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { aConsole, textOf, type TestConsole } from './a-console.ts';

let the: TestConsole;
beforeAll(async () => {
  the = await aConsole('console erasures');
});
afterAll(() => the.close());

const page = async (path = '/erasures'): Promise<string> => (await the.ask(path)).body;

async function erase(reason: string): Promise<string> {
  const { erasures, vault } = the.example.opened;
  const key = await vault.keyFor('acme');
  const person = { rows: [], tags: [], keyId: key.id, person: new Uint8Array(randomBytes(8)) };
  return erasures.beginErasure(person, { actor: 'cli:eva', reason });
}

describe('erasures and retention', () => {
  it('say that there were none yet', async () => {
    const text = textOf(await page());
    expect(text).toContain('Nobody was erased yet');
    expect(text).toContain('Nothing was past its time yet');
  });

  it('tell who erased when and why, how much, how far it is, and who may be sent again', async () => {
    const id = await erase('request 2026-118');
    await the.example.opened.erasures.liftSuppression(id, { actor: 'cli:eva', reason: 'new consent' });
    await erase('request 2026-119');
    const text = textOf(await page());
    expect(text).toMatch(/2 [\d-]+ [\d:]+ cli:eva request 2026-119 0 0 goes on kept files to be searched/);
    expect(text).toMatch(/1 [\d-]+ [\d:]+ cli:eva request 2026-118 0 0 .*lifted .* by cli:eva: new consent/);
  });

  it('tell what retention has taken: a line for a day and who did it, oldest last, page by page', async () => {
    const { db, close } = openDatabase(the.example.adminUrl, { max: 1 });
    await sql`insert into audit_event (at, actor, action, partner, file_id, detail)
      select '2026-03-01T12:00Z'::timestamptz + n * interval '1 day', 'worker-1', 'rows.destroyed', p, 1, '{"rows": 500}'
      from generate_series(1, 30) n, (values ('acme'), ('sur')) as v (p)`.execute(db);
    await sql`insert into audit_event (at, actor, action, partner, detail) values
      ('2026-05-01T12:00Z', 'cli:eva', 'rows.blocked', 'acme', '{"rows": 7}'),
      ('2026-05-01T12:01Z', 'cli:eva', 'file.removed', 'acme', '{"what": "bytes"}'),
      ('2026-05-01T12:01Z', 'cli:eva', 'file.removed', 'acme', '{"what": "results"}'),
      ('2026-05-01T12:02Z', 'cli:eva', 'key.destroyed', 'acme', '{"month": "2020-01"}')`.execute(db);
    await the.example.opened.retention.noteRun({ actor: 'cli:eva', reason: 'quarterly review' });
    await close();
    const first = await page();
    const text = textOf(first);
    expect(text).toMatch(/2026-05-01 cli:eva acme – none 7 1 1 1 2026-05-01/);
    expect(text).toMatch(/cli:eva (?:– none ){6}.* quarterly review/);
    expect(text).toMatch(/2026-03-31 worker-1 acme, sur 1,000 – none/);
    const older = (/rel="next" href="(\/erasures\?day=\d+)"/.exec(first)?.[1] ?? '').replaceAll('&amp;', '&');
    const second = textOf(await page(older));
    expect(second).toMatch(/2026-03-02 worker-1 acme, sur 1,000/);
    expect(second).not.toContain('2026-03-31');
    expect(second).toContain('Newest');
  });

  it('are kept as they are now', async () => {
    const answer = await the.ask({ url: '/live/erasures', headers: { accept: 'application/json' } });
    expect(Object.keys(JSON.parse(answer.body) as object)).toEqual(['erasures', 'retention']);
  });
});

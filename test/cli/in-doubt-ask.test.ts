import { randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type OpenedDatabase } from '../../src/adapters/ledger/database.ts';
import type { RowMove } from '../../src/app/ports/row-moves.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;
let database: OpenedDatabase;
let scratch: ScratchFolder;
let path: string;

beforeEach(async () => {
  [example, scratch] = await Promise.all([exampleLedger('cli ask'), scratchFolder()]);
  database = openDatabase(example.url, { max: 1 });
  path = join(scratch.path, 'ask.csv');
});
afterEach(async () => {
  await database.close();
  await Promise.all([example.close(), scratch.remove()]);
});

function ask(...options: string[]): Promise<Ran> {
  return runCommand(['in-doubt', '--ask', path, ...options], { opened: example.opened });
}

async function lines(): Promise<Record<string, string>[]> {
  const [header = '', ...rest] = (await readFile(path, 'utf8')).trimEnd().split('\r\n');
  const names = header.replace(/^\uFEFF/, '').split(';');
  return rest.map((line) => Object.fromEntries(line.split(';').map((cell, at) => [names[at] ?? '', cell])));
}

async function exports(): Promise<readonly { actor: string; reason: string; detail: object }[]> {
  const { rows } = await sql<{ actor: string; reason: string; detail: object }>`
    select actor, reason, detail from audit_event where action = 'rows.exported'`.execute(database.db);
  return rows;
}

describe('leadsync in-doubt --ask', () => {
  it('writes what the insurer needs, for the owner alone, and is audited', async () => {
    const row = await example.row('CRM-2');
    const earlier = randomUUID();
    await sql`insert into attempt (id, row_id, step, fence, instance, begun_at, ended_at, evidence, outcome)
      values (${earlier}, ${row.id}, 'create', 0, 'worker-1', now() - interval '1 hour', now(), 'maybe_written', 'ambiguous'),
        (${randomUUID()}, ${row.id}, 'create', 0, 'worker-1', now() - interval '2 hours', now(), 'never_written', 'not_sent'),
        (${randomUUID()}, ${row.id}, 'check', 0, 'worker-1', now() - interval '3 hours', now(), 'maybe_written', 'ambiguous')
      `.execute(database.db);
    const { code, stdout } = await ask('--reason', 'ticket 8812');
    expect([code, stdout]).toEqual([
      1,
      `1 row in ${path}, which holds personal data and is readable by its owner alone`,
    ]);
    expect(await lines()).toEqual([
      {
        row: row.id,
        kind: 'lead',
        partner: 'acme',
        partnerLeadId: 'CRM-2',
        leadId: '',
        estado: '',
        agenteId: '0051245',
        requestId: row.attemptId,
        earlierRequestIds: earlier,
        sentAt: row.intentAt?.toISOString(),
        nifEnding: '002W',
      },
    ]);
    expect(await readFile(path, 'utf8')).not.toContain('00000002W');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await exports()).toMatchObject([
      { actor: 'cli:test', reason: 'ticket 8812', detail: { state: 'in_doubt', rows: 1, filter: {} } },
    ]);
  });

  it('names the lead, its person and the estado of a status update', async () => {
    await runCommand(['update', 'CRM-1', '--estado', '7', '--observacion', 'Cita'], { opened: example.opened });
    const { ledger } = example.opened;
    const [update] = await ledger.rows({ kind: 'update', limit: 1 });
    if (update === undefined) throw new Error('no update');
    const attemptId = randomUUID();
    const move = async (change: Partial<RowMove> & Pick<RowMove, 'to'>) => {
      const now = await ledger.row(update.id);
      if (now === null) throw new Error('the update is gone');
      const audit = { action: 'row.tested', actor: 'worker-1' };
      expect(await ledger.move({ rowId: now.id, from: [now.state], fence: now.fence, audit, ...change })).toMatchObject(
        {
          won: true,
        },
      );
    };
    const begin = { attemptId, step: 'push', instance: 'worker-1' } as const;
    await move({ to: 'pushing', newFence: true, set: { holder: 'worker-1' }, begin });
    await move({ to: 'in_doubt', set: { code: 'API_NO_ANSWER' } });
    await ask('--kind', 'updates');
    expect(await lines()).toMatchObject([
      { kind: 'update', partnerLeadId: 'CRM-1', leadId: 'L-1', estado: '7', requestId: attemptId, nifEnding: '001R' },
    ]);
  });

  it('lets no cell be run by a spreadsheet', async () => {
    const { id, keyId } = await example.row('CRM-2');
    const key = await example.opened.vault.keyById(keyId);
    const payload = key.seal(JSON.stringify({ fields: { dni: '00000002W' }, partnerLeadId: '=1+1' }));
    await sql`update ledger_row set payload = ${Buffer.from(payload)} where id = ${id}`.execute(database.db);
    await ask();
    expect(await lines()).toMatchObject([{ partnerLeadId: "'=1+1" }]);
  });

  it('never writes over a file, and then nothing counts as exported', async () => {
    await writeFile(path, 'mine');
    expect(await ask()).toMatchObject({ code: 2, stderr: `error: ${path}: expected a file that is not there yet` });
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect(await exports()).toEqual([]);
  });

  it('leaves no file when what it tells can not be audited', async () => {
    const { auditTrail } = example.opened;
    const log = { ...auditTrail.log, note: () => Promise.reject(new Error('the ledger is gone')) };
    const opened = { ...example.opened, auditTrail: { ...auditTrail, log } };
    await expect(runCommand(['in-doubt', '--ask', path], { opened })).rejects.toThrow('the ledger is gone');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('writes nothing where no row is in doubt', async () => {
    const { code, stdout } = await ask('--kind', 'updates');
    expect([code, stdout]).toEqual([0, 'no row is in doubt; nothing was written']);
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('writes all of them, however many pages the ledger answers in', async () => {
    await sql`insert into ledger_row (kind, partner, file_id, row_number, state, key_id, payload, identity, agente_id)
      select kind, partner, file_id, 1000 + n, 'in_doubt', key_id, payload, gen_random_uuid(), agente_id
      from ledger_row, generate_series(1, 1200) as n where state = 'in_doubt'`.execute(database.db);
    await ask();
    const told = await lines();
    expect(new Set(told.map((line) => line['row'])).size).toBe(1_201);
    path = join(scratch.path, 'newest.csv');
    await ask('--limit', '3');
    expect(await lines()).toEqual(told.slice(0, 3));
  });
});

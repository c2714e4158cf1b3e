import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../../src/adapters/ledger/ledger.ts';
import type { Ledger, LedgerFileView } from '../../src/app/ports/ledger.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv, plainPartner } from './leads-file.ts';

let api: FakeLeadsApi;
let checks = 0;
/** How long the API takes for a client check. */
let checkMs = 0;
let the: Installation;
let ledger: Ledger;
let service: LeadsyncProcess;
let inbox: string;

beforeAll(async () => {
  api = await startFakeLeadsApi((path, body, response) => {
    if (path !== '/client-data') return false;
    checks += 1;
    setTimeout(() => {
      const answer = { status: 'OK', nif: body['nif'], client: false, partnerManage: true, agentId: '0051245' };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    }, checkMs);
    return true;
  });
  the = await createInstallation('held files', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  inbox = join(the.home, 'inbox');
  ledger = createLedger(the.database.db);
  for (const id of ['norte', 'sur', 'este', 'oeste']) {
    const more = id === 'norte' ? 'firstRows: 3\n' : '';
    await writeFile(join(the.home, 'partners', `${id}.yaml`), plainPartner(id) + more);
  }
  service = startLeadsync(['run'], the.env);
  await service.ready();
});

afterAll(async () => {
  await service.end('SIGTERM');
  await api.close();
  await the.remove();
});

const command = (...args: readonly string[]) => runLeadsync(args, the.env);

/** The newest file of a partner, as it stands in the ledger. */
async function newestOf(partner: string): Promise<LedgerFileView | undefined> {
  const [newest] = await ledger.files({ partner, limit: 1 });
  return newest;
}

/** Drops a file and answers what it has come to. */
async function dropped(partner: string, name: string, text: string, state: string): Promise<LedgerFileView> {
  const before = await newestOf(partner);
  await drop(inbox, partner, name, text);
  return fileIs(partner, state, before?.id);
}

function fileIs(partner: string, state: string, otherThan?: string): Promise<LedgerFileView> {
  return eventually(`a file of ${partner} is ${state}`, async () => {
    const file = await newestOf(partner);
    return file !== undefined && file.id !== otherThan && file.state === state && file;
  });
}

const createsOf = (prefix: string): number =>
  api.creates.filter(({ partnerLeadId }) => partnerLeadId.startsWith(prefix)).length;

describe('a file unlike the one before it', () => {
  it('is held before the first call, shown with its command, and settles once it is released', async () => {
    await dropped('acme', 'leads-monday.csv', leadsCsv(30, 'MON-'), 'settled');
    const before = { checks, creates: api.creates.length };

    const changed = leadsCsv(30, 'TUE-').replace('Teléfono;', 'Móvil;');
    const held = await dropped('acme', 'leads-tuesday.csv', changed, 'held');
    expect(held).toMatchObject({ code: 'FILE_HEADER_CHANGED', heldBack: 30, counts: { received: 30 } });
    const status = await command('status');
    expect(status.code).toBe(1);
    expect(status.stdout).toContain('FILE_HEADER_CHANGED');
    expect(status.stdout).toContain(`leadsync file ${held.id} --release --reason "…"`);
    expect({ checks, creates: api.creates.length }).toEqual(before);

    const released = await command('file', held.id, '--release', '--reason', 'the partner says so');
    expect(released.code, released.output).toBe(0);
    await fileIs('acme', 'settled');
    expect(createsOf('TUE-')).toBe(30);

    // It is the last accepted one now, so its header is what is usual.
    await dropped('acme', 'leads-wednesday.csv', leadsCsv(30, 'WED-').replace('Teléfono;', 'Móvil;'), 'settled');
  });

  it('can be turned away, with the reason beside it, and sent again', async () => {
    await dropped('sur', 'leads-first.csv', leadsCsv(10, 'SUR-'), 'settled');
    const text = leadsCsv(10, 'SUR-2-').replace('Nombre;', 'Nombre completo;');
    const held = await dropped('sur', 'leads-odd.csv', text, 'held');

    const rejected = await command('file', held.id, '--reject', '--reason', 'exportación equivocada');
    expect(rejected.code, rejected.output).toBe(0);
    const names = await readdir(join(the.home, 'rejected', 'sur'));
    expect(names.toSorted()).toEqual([`leads-odd.${held.id}.csv.reason.txt`, `leads-odd.${held.id}.csv.sealed`]);
    const reason = await readFile(join(the.home, 'rejected', 'sur', `leads-odd.${held.id}.csv.reason.txt`), 'utf8');
    expect(reason).toContain('FILE_REJECTED\nUn operador ha rechazado el fichero: exportación equivocada\n');
    expect(reason).toContain('Las columnas no son las de su fichero anterior.');
    const taken = join(the.home, 'taken-out.csv');
    expect((await command('file', held.id, '--save-as', taken, '--reason', 'to compare')).code).toBe(0);
    expect(await readFile(taken, 'utf8')).toBe(text);
    expect(await fileIs('sur', 'rejected')).toMatchObject({ counts: { cancelled: 10 } });
    expect((await command('file', held.id, '--release', '--reason', 'x')).code).toBe(2);

    const again = await dropped('sur', 'leads-odd-again.csv', text, 'held');
    await command('file', again.id, '--release', '--reason', 'it was right after all');
    await fileIs('sur', 'settled');
    expect(createsOf('SUR-2-')).toBe(10);
  });
});

it('sends the first rows of a new mapping, and the others when the file is released', async () => {
  await drop(inbox, 'norte', 'leads-new.csv', leadsCsv(12, 'NOR-'));
  const held = await eventually('the first rows', async () => {
    const file = await newestOf('norte');
    return file?.counts['registered'] === 3 && file;
  });
  expect(held).toMatchObject({ state: 'held', code: 'FILE_FIRST_ROWS', heldBack: 9 });
  expect(createsOf('NOR-')).toBe(3);
  await command('file', held.id, '--release', '--reason', 'they look right');
  await fileIs('norte', 'settled');
  expect(createsOf('NOR-')).toBe(12);

  await dropped('norte', 'leads-known.csv', leadsCsv(12, 'NOR-2-'), 'settled');
});

describe('a file that is at work', () => {
  it('begins no call once it is held, goes on when it is released, and cancels what is left', async () => {
    // 16 calls at once: some ten rows a second.
    checkMs = 1_500;
    await drop(inbox, 'este', 'leads-many.csv', leadsCsv(300, 'EST-'));
    const { id } = await eventually('some rows are sent', async () => createsOf('EST-') > 20 && newestOf('este'));
    const hold = await command('file', id, '--hold', '--reason', 'wrong campaign?');
    expect(hold.code, hold.output).toBe(0);
    await eventually('what was announced has ended', async () => {
      const { rows } = await sql`select from attempt a join ledger_row r on r.id = a.row_id
        where r.file_id = ${id} and a.ended_at is null limit 1`.execute(the.database.db);
      return rows.length === 0;
    });
    const held = await newestOf('este');
    const [sent, asked] = [createsOf('EST-'), checks];
    expect(held).toMatchObject({ state: 'held', counts: { registered: sent }, heldBack: 300 - sent });
    expect(sent).toBeLessThan(200);

    // Another file of the partner passes it by.
    checkMs = 0;
    await dropped('este', 'leads-other.csv', leadsCsv(5, 'OTHER-'), 'settled');
    expect([createsOf('EST-'), checks]).toEqual([sent, asked + 5]);

    checkMs = 1_500;
    await command('file', id, '--release', '--reason', 'look again');
    await eventually('more rows are sent', async () => createsOf('EST-') > sent);
    const cancelled = await command('file', id, '--cancel', '--reason', 'wrong campaign', '--csv');
    expect(cancelled.code, cancelled.output).toBe(0);
    checkMs = 0;
    await eventually('it has settled', async () => (await ledger.fileView(id))?.state === 'settled');
    const results = await the.results('este', 'leads-many.csv');
    const outcomes = Object.groupBy(results, (row) => row['outcome'] ?? '');
    const created = createsOf('EST-');
    expect(outcomes['registered']).toHaveLength(created);
    expect(outcomes['cancelled']).toHaveLength(300 - created);
    expect(outcomes['cancelled']?.[0]).toMatchObject({ code: 'ROW_CANCELLED', leadId: '' });
    const [header, ...told] = cancelled.stdout.trimEnd().split('\n');
    expect(header).toBe('row;state;leadId;idLanding;partnerLeadId;updatedAt');
    const leadIds = new Map(api.creates.map(({ partnerLeadId, leadId }) => [partnerLeadId, leadId]));
    for (const line of told) {
      const [, state, leadId = '', , partnerLeadId = ''] = line.split(';');
      if (state === 'registered') expect(leadId).toBe(leadIds.get(partnerLeadId));
    }
    expect(told.length).toBeGreaterThanOrEqual(sent);
  }, 120_000);
});

it('reads a file again with a corrected mapping, and sends only what had not been sent', async () => {
  const text = `${leadsCsv(6, 'OES-').trimEnd()}\n`.replace('OES-4;99000004', 'OES-4;12');
  const first = await dropped('oeste', 'leads-reread.csv', text, 'settled');
  expect(first.counts).toEqual({ registered: 5, rejected: 1 });
  // By agreement with the insurer, from now on.
  await writeFile(
    join(the.home, 'partners', 'oeste.yaml'),
    `${plainPartner('oeste')}columns: { dni: [Documento] }\nwithoutNif: send\n`,
  );
  const look = await command('file', first.id, '--reread', '--reason', 'look');
  expect(look.stdout).toMatch(/5 {2}registered {2}stays as it is/);
  expect(look.stdout).toMatch(/1 {2}rejected {4}goes to work/);
  expect(look.output).toContain('nothing was read again');

  const read = await command('file', first.id, '--reread', '--reason', 'agreed without NIF', '--yes', '--json');
  expect(read.code, read.output).toBe(0);
  const { readAs } = JSON.parse(read.stdout) as { readonly readAs: string };
  const again = await fileIs('oeste', 'settled', first.id);
  expect(again).toMatchObject({ id: readAs, counts: { registered: 1, duplicate: 5 } });
  expect((await command('status', readAs)).stdout).toContain('leads-reread.csv');
  expect(createsOf('OES-')).toBe(6);
}, 120_000);

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type OpenedDatabase } from '../../src/adapters/ledger/database.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { runCommand, type Ran } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;
let database: OpenedDatabase;
let scratch: ScratchFolder;

/** CRM-1 is registered as L-1, CRM-2 in doubt; both requests were announced two hours ago, by a worker that is silent since. */
beforeEach(async () => {
  [example, scratch] = await Promise.all([exampleLedger('cli reconcile'), scratchFolder()]);
  database = openDatabase(example.adminUrl, { max: 1 });
  await sql`update ledger_row set intent_at = intent_at - interval '2 hours', created_at = created_at - interval '3 hours',
    updated_at = updated_at - interval '2 hours' where kind = 'lead'`.execute(database.db);
});

afterEach(async () => {
  await database.close();
  await Promise.all([example.close(), scratch.remove()]);
});

async function reconcile(lines: readonly string[], ...options: string[]): Promise<Ran> {
  return reconcileText(
    `leadId;partnerLeadId;idLanding;partner;createdAt\r\n${lines.map((line) => `${line}\r\n`).join('')}`,
    ...options,
  );
}

async function reconcileText(text: string, ...options: string[]): Promise<Ran> {
  const path = join(scratch.path, 'listing.csv');
  await writeFile(path, text);
  return runCommand(
    [
      'reconcile',
      path,
      '--reason',
      'ticket 8812',
      ...(options.includes('--as-of') ? [] : ['--as-of', '10m']),
      ...options,
    ],
    {
      opened: example.opened,
    },
  );
}

/** CRM-3 as registered an hour ago, and CRM-1 half an hour before the doubt began: leads on both sides of it. */
async function registerAfterwards(): Promise<void> {
  await sql`alter table ledger_row disable trigger moves_are_legal`.execute(database.db);
  await sql`update ledger_row set state = 'registered', lead_id = 'L-3', intent_at = clock_timestamp() - interval '1 hour',
    updated_at = clock_timestamp() - interval '1 hour' where state = 'failed'`.execute(database.db);
  await sql`update ledger_row set updated_at = updated_at - interval '30 minutes' where lead_id = 'L-1'`.execute(
    database.db,
  );
  await sql`alter table ledger_row enable trigger moves_are_legal`.execute(database.db);
}

const stateOf = async (id: string) => (await example.row(id)).state;

describe('leadsync reconcile', () => {
  it('gives a lead that is in the listing its leadId, in one audited batch, and does nothing twice', async () => {
    const lines = ['L-1;CRM-1;IL-1;;', 'L-2;CRM-2;IL-2;;', 'L-9;CRM-900;;;'];
    const { code, stdout } = await reconcile(lines);
    expect(stdout.replaceAll('\n', ' ')).toMatch(
      /^1 row gets its leadId: \d+ \(L-2\) The listing: 3 lines, 1 of 1 leads .*, 1 that are not ours\./,
    );
    expect(stdout).toContain('1 registered · 0 back to work');
    expect(code).toBe(0);
    const row = await example.row('CRM-2');
    expect(row).toMatchObject({ state: 'registered', leadId: 'L-2', idLanding: 'IL-2' });
    const { rows } = await sql<{
      action: string;
      batch: string;
    }>`select action, detail ->> 'reconcile' as batch from audit_event
      where detail ? 'reconcile' order by seq`.execute(database.db);
    expect(rows.map(({ action }) => action)).toEqual(['row.resolved_lead_id', 'reconcile.done']);
    expect(new Set(rows.map(({ batch }) => batch)).size).toBe(1);
    expect((await reconcile(lines)).stdout).toMatch(/^no lead is in doubt/);
  });

  it('only shows what it would do on a dry run', async () => {
    const { code, stdout } = await reconcile(['L-1;CRM-1;;;', 'L-2;CRM-2;;;'], '--dry-run');
    expect([code, stdout]).toEqual([1, expect.stringContaining('1 row gets its leadId')]);
    expect(await stateOf('CRM-2')).toBe('in_doubt');
  });

  it('sends again what a complete listing has not, taken when nothing could arrive any more', async () => {
    await registerAfterwards();
    const { code, stdout } = await reconcile(['L-1;CRM-1;;;', 'L-3;CRM-3;;;'], '--complete');
    expect(stdout).toMatch(/^1 row was not created and goes back to work/);
    expect(code).toBe(0);
    expect(await stateOf('CRM-2')).toBe('waiting');
  });

  it.each([
    ['is not said to be complete', ['L-1;CRM-1;;;'], [], 'not in the listing, which proves nothing'],
    [
      'was taken when the request could still arrive',
      ['L-1;CRM-1;;;'],
      ['--complete', '--as-of', '110m'],
      'the request may have arrived after',
    ],
    [
      'lacks what the ledger knows to be there',
      ['L-7;CRM-700;;;'],
      ['--complete'],
      'It is not complete, whatever is said',
    ],
    [
      'was cut off in the middle of a line',
      ['L-1;CRM-1;;;', 'L-2;C'],
      ['--complete'],
      'It is not complete, whatever is said',
    ],
    ['has the lead twice', ['L-1;CRM-1;;;', 'L-2;CRM-2;;;', 'L-3;CRM-2;;;'], [], 'under more than one leadId'],
    [
      'has another lead under the id, older than ours',
      ['L-1;CRM-1;;;', 'L-2;CRM-2;;;2020-01-01T00:00:00Z'],
      [],
      'which proves nothing',
    ],
  ])('leaves a lead in doubt when the listing %s', async (_what, lines, options, says) => {
    const { code, stdout } = await reconcile(lines, ...options);
    expect([code, stdout.replaceAll('\n', ' ')]).toEqual([1, expect.stringContaining(says)]);
    expect(await stateOf('CRM-2')).toBe('in_doubt');
  });

  const whole = ['L-1;CRM-1;;;', 'L-3;CRM-3;;;'];

  it.each([
    ['has no lead from after it', whole, 'none from after it', 'older'],
    ['has from after it only what was registered late', whole, 'none from after it', 'registered late'],
    ['writes ids in its own way', ['L-1;crm-1;;;', 'L-3;CRM-3;;;'], 'another partnerLeadId than was sent', 'later'],
    ['calls the partner otherwise', [...whole, 'L-2;CRM-2;;Acme S.A.;'], 'of another partner, ramo or time', 'later'],
    ['writes this id otherwise', [...whole, 'L-2;crm 2;;;'], 'nearly like it', 'later'],
    ['has it at a time of another zone', [...whole, 'L-2;CRM-2;;;{5h ago}'], 'ramo or time', 'later'],
  ])('sends nothing again when a complete listing %s', async (_what, templates, says, theOther) => {
    await registerAfterwards();
    if (theOther === 'older')
      await sql`update ledger_row set updated_at = updated_at - interval '2 hours', intent_at = intent_at - interval '2 hours'
        where lead_id = 'L-3'`.execute(database.db);
    if (theOther === 'registered late')
      await sql`update ledger_row set intent_at = intent_at - interval '2 hours' where lead_id = 'L-3'`.execute(
        database.db,
      );
    const ago = new Date(Date.now() - 5 * 3_600_000).toISOString();
    const lines = templates.map((line) => line.replace('{5h ago}', ago));
    const { stdout } = await reconcile(lines, '--complete');
    expect(stdout.replaceAll('\n', ' ')).toContain(says);
    expect(await stateOf('CRM-2')).toBe('in_doubt');
  });

  it('takes no leadId from a listing whose leadIds a spreadsheet has changed, and suspects nobody', async () => {
    await sql`alter table ledger_row disable trigger moves_are_legal`.execute(database.db);
    await sql`update ledger_row set lead_id = '00071' where lead_id = 'L-1'`.execute(database.db);
    await sql`alter table ledger_row enable trigger moves_are_legal`.execute(database.db);
    const { code, stdout } = await reconcile(['71;CRM-1;;;', '72;CRM-2;;;']);
    expect([code, stdout.replaceAll('\n', ' ')]).toEqual([1, expect.stringContaining('no leadId is taken from it')]);
    expect(stdout).not.toContain('created twice');
    expect(await stateOf('CRM-2')).toBe('in_doubt');
  });

  it('warns of leadIds that may be of a stranger, where the listing has some and does not say whose they are', async () => {
    const warning = 'no column with the partner';
    const lines = 'CRM-1;L-1\r\nCRM-2;L-2\r\n';
    const header = 'partnerLeadId;leadId\r\n';
    expect((await reconcileText(header + lines, '--dry-run')).stdout).not.toContain(warning);
    const { stdout } = await reconcileText(`${header}${lines}X-1;L-9\r\n`, '--dry-run');
    expect(stdout.replaceAll('\n', ' ')).toContain(warning);
    expect((await reconcile(['L-1;CRM-1;;;', 'L-2;CRM-2;;;', 'L-9;X-1;;;'], '--dry-run')).stdout).not.toContain(
      warning,
    );
  });

  it('believes no last line without its line break: half a leadId looks like a whole one', async () => {
    const { code, stdout } = await reconcileText('partnerLeadId;leadId\r\nCRM-1;L-1\r\nCRM-2;L-2');
    expect([code, stdout]).toEqual([1, expect.stringContaining('it may be cut off and is not read')]);
    expect(await stateOf('CRM-2')).toBe('in_doubt');
    await reconcileText('partnerLeadId;leadId\r\nCRM-1;L-1\r\nCRM-2;L-2\r\n');
    expect(await example.row('CRM-2')).toMatchObject({ state: 'registered', leadId: 'L-2' });
  });

  it('tells of a second lead under the id of a registered one, and writes it down', async () => {
    const { code, stdout } = await reconcile(['L-1;CRM-1;;;', 'L-77;CRM-1;;;', 'L-2;CRM-2;;;']);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/1 row is registered, and the listing has another lead/)]);
    const { id } = await example.row('CRM-1');
    expect(await example.opened.ledger.history(id)).toContainEqual(
      expect.objectContaining({ action: 'lead.duplicate_suspected', reason: 'ticket 8812' }),
    );
  });

  it.each([
    [['--as-of', '2026-06-01T14:00'], /--as-of: expected a time with its zone/],
    [['--as-of', '2999-01-01T00:00Z'], /--as-of: expected a time that is past/],
    [['--partner', 'nobody'], /--partner: expected one of acme; got "nobody"/],
  ])('refuses %j', async (options, says) => {
    const { code, stderr } = await reconcile(['L-1;CRM-1;;;'], ...options);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  });

  it('refuses a file that is no listing', async () => {
    const path = join(scratch.path, 'other.csv');
    await writeFile(path, 'Nombre;Teléfono\nAna;600000001\n');
    const { code, stderr } = await runCommand(['reconcile', path, '--as-of', '1h', '--reason', 'x'], {
      opened: example.opened,
    });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('expected the columns leadId and partnerLeadId or requestId'),
    ]);
  });
});

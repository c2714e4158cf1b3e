import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textWidth } from '../../src/cli/text-width.ts';
import { nightOf } from '../../src/domain/night.ts';
import { runCommand } from './a-cli.ts';
import { exampleLedger, type ExampleLedger } from './a-ledger.ts';

let example: ExampleLedger;

beforeAll(async () => {
  example = await exampleLedger('cli looking');
});

afterAll(() => example.close());

function run(...args: string[]) {
  return runCommand(args, { opened: example.opened });
}

describe('leadsync status', () => {
  it('stays within 80 columns but for what is there to be copied', async () => {
    const { stdout } = await run('status');
    const lines = stdout.split('\n').filter((line) => !line.startsWith('    leadsync '));
    expect(lines.filter((line) => textWidth(line) > 80)).toEqual([]);
    expect(stdout).not.toContain('\u001b');
  });

  it('shows surroundings, files with their progress, counts, and what needs a person with its command', async () => {
    const { stdout, code } = await run('status');
    expect(code).toBe(1);
    expect(stdout).toContain('home         /srv/leadsync');
    expect(stdout).toMatch(/1 {2}acme {5}export-of-monday\.csv {2}leads {2}.* read {3}99 %/);
    expect(stdout).toContain('1 registered · 1 rejected · 1 failed · 1 in doubt');
    expect(stdout).toContain('    leadsync in-doubt --partner acme --kind lead');
    expect(stdout).toContain('    leadsync replay --partner acme --kind lead --state failed --dry-run');
  });

  it('counts by kind and state for scripts', async () => {
    const { stdout, code } = await run('status', '--json');
    expect(code).toBe(1);
    const status = JSON.parse(stdout);
    expect(status.rows).toEqual({ lead: { registered: 1, in_doubt: 1, failed: 1, rejected: 1 }, update: {} });
    expect(status.files).toMatchObject([{ id: example.fileId, partner: 'acme', kind: 'leads', state: 'read' }]);
  });

  it('shows one file, and knows one that does not exist', async () => {
    expect((await run('status', example.fileId)).stdout).toContain('export-of-monday.csv');
    const { code, stderr } = await run('status', '999');
    expect([code, stderr]).toEqual([
      2,
      'error: FILE-ID: expected the id of a file (`leadsync status` lists them); got "999"',
    ]);
  });
});

describe('leadsync rows', () => {
  it('lists rows, newest first, within 80 columns', async () => {
    const { stdout, code } = await run('rows', '--partner', 'acme');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/)[4])).toEqual([
      'state',
      'rejected',
      'failed',
      'in doubt',
      'registered',
    ]);
    expect(stdout.split('\n').filter((line) => textWidth(line) > 80)).toEqual([]);
  });

  it('lists the rows of a NIF, phone or e-mail that is asked for, within the other filters', async () => {
    const given = { opened: example.opened, answer: '2-w' };
    const rows = async (...more: string[]) =>
      JSON.parse((await runCommand(['rows', '--nif', '-', '--json', ...more], given)).stdout);
    expect(await rows()).toMatchObject([{ partnerLeadId: 'CRM-2' }]);
    expect(await rows('--state', 'failed')).toEqual([]);
  });

  it('leaves in the audit log that somebody was looked for, by whom and how often, and not who', async () => {
    const look = (answer: string, ...args: string[]) => runCommand(args, { opened: example.opened, answer });
    await look('2-w', 'rows', '--nif', '-', '--state', 'failed');
    await look('00000002W', 'lead', '--nif', '-');
    await look('1-R', 'update', '--nif', '-', '--estado', '99');
    const events = (await example.opened.auditTrail.log.entries('0', 1_000))
      .map(({ line }) => JSON.parse(line) as { actor: string; action: string; detail: { persons: string[] } })
      .filter(({ action }) => action === 'person.looked_up')
      .slice(-3);
    expect(events).toMatchObject([
      { actor: 'cli:test', detail: { by: 'rows', rows: 0 } },
      { actor: 'cli:test', detail: { by: 'lead', rows: 1 } },
      { actor: 'cli:test', detail: { by: 'update', rows: 1 } },
    ]);
    const [rows, lead, update] = events.map(({ detail }) => detail.persons.join());
    expect(rows).toBe(lead);
    expect(update).not.toBe(lead);
    expect(JSON.stringify(events)).not.toMatch(/0000000|2-w|1-R/i);
  });

  it('refuses a NIF among the arguments, and an answer that is none, without repeating it', async () => {
    const typed = await runCommand(['rows', '--nif', '12345678Z']);
    const other = await runCommand(['rows', '--nif', '-'], { opened: example.opened, answer: 'Ana Ruiz' });
    for (const { code, stderr } of [typed, other]) {
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: (--nif: expected |USAGE_PERSONAL_DATA: argument 3 )/);
      expect(stderr).not.toMatch(/12345678Z|Ana/);
    }
  });

  it('gives scripts the promised names', async () => {
    const [row] = JSON.parse((await run('rows', '--state', 'registered', '--json')).stdout);
    const { id } = await example.row('CRM-1');
    expect(row).toMatchObject({
      id,
      fileId: example.fileId,
      row: 2,
      kind: 'lead',
      partner: 'acme',
      partnerLeadId: 'CRM-1',
      state: 'registered',
      code: null,
      leadId: 'L-1',
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('narrows to the files of one night, as every command that takes rows does', async () => {
    const tonight = nightOf(new Date(), 'Europe/Madrid');
    for (const [night, [rows, doubts, groups]] of [
      [tonight, [4, 1, 3]],
      ['2026-01-01', [0, 0, 0]],
    ] as const) {
      const listed = async (...args: string[]) => JSON.parse((await run(...args, '--night', night, '--json')).stdout);
      expect(await listed('rows')).toHaveLength(rows);
      expect(await listed('in-doubt')).toHaveLength(doubts);
      expect((await listed('replay', '--dry-run')).groups).toHaveLength(groups);
      expect((await listed('cancel', '--dry-run')).groups.length > 0).toBe(groups > 0);
    }
  });

  it('answers an empty array for scripts when there is no such row', async () => {
    expect((await run('rows', '--until', '2020-01-01', '--json')).stdout).toBe('[]');
  });
});

describe('leadsync lead', () => {
  it.each(['CRM-1', 'L-1', 'IL-1'])('finds a lead by %s', async (key) => {
    const { stdout } = await run('lead', key);
    expect(stdout).toContain('registered (the lead exists and its leadId is recorded)');
    expect(stdout).toContain('leadId         L-1');
  });

  it('tells the life of a lead in order, and no personal data', async () => {
    const { stdout } = await run('lead', 'CRM-2');
    const { attemptId } = await example.row('CRM-2');
    const told = ['received → checked', 'checked → submitting', 'submitting → in_doubt'].map((move) =>
      stdout.indexOf(move),
    );
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(stdout).toContain(attemptId);
    expect(stdout).toContain('maybe written');
    expect(stdout).toContain('--lead-id ID --reason');
    expect(stdout).toContain('request POST /alta-lead: partnerLeadId CRM-2, partner ••••');
    expect(stdout).not.toMatch(/Ana|00000002W/);
  });

  it('shows what was sent and what is kept of the answer, masked, also to scripts', async () => {
    const { stdout } = await run('lead', 'CRM-1');
    expect(stdout).toContain('answer HTTP 200: leadId L-1, idLanding IL-1');
    expect(stdout.split('\n').filter((line) => textWidth(line) > 80)).toEqual([]);
    const printed = (await run('lead', 'CRM-1', '--json')).stdout;
    const [{ attemptsMade }] = JSON.parse(printed);
    expect(attemptsMade).toMatchObject([
      {
        request: {
          endpoint: 'altaLead',
          method: 'POST',
          path: '/alta-lead',
          fields: { dni: '•••• (9)' },
          withheld: null,
        },
        answer: { fields: { leadId: 'L-1', idLanding: 'IL-1' } },
      },
    ]);
    expect(printed).not.toMatch(/Ana|00000001R/);
  });

  it('takes ls-<row> for the row alone', async () => {
    const { id } = await example.row('CRM-3');
    const [lead] = JSON.parse((await run('lead', `ls-${id}`, '--json')).stdout);
    expect(lead).toMatchObject({ id, state: 'failed', code: 'API_KO' });
    expect(lead.history.length).toBeGreaterThan(0);
  });

  it('finds a lead by a NIF from standard input', async () => {
    const { stdout } = await runCommand(['lead', '--nif', '-'], { opened: example.opened, answer: '1-R' });
    expect(stdout).toContain('partnerLeadId  CRM-1');
  });

  it('ends with exit 2 when no lead has the key', async () => {
    expect((await run('lead', 'CRM-99')).code).toBe(2);
  });
});

describe('leadsync in-doubt', () => {
  it('shows each row with what to ask and what to do, and ends with exit 1', async () => {
    const { id, attemptId } = await example.row('CRM-2');
    const { code, stdout } = await run('in-doubt');
    expect(code).toBe(1);
    expect(stdout).toContain('partnerLeadId CRM-2');
    expect(stdout).toContain(attemptId);
    expect(stdout).toContain(`leadsync resolve ${id} --lead-id ID --reason "…"`);
    expect(stdout).toMatch(/does not have the lead \(possible in (?:19|20) min\)/);
  });

  it('ends with exit 0 when nothing is in doubt', async () => {
    const { code, stdout } = await run('in-doubt', '--kind', 'updates');
    expect([code, stdout]).toEqual([0, 'no row is in doubt']);
  });
});

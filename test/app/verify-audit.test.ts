import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditSigner } from '../../src/adapters/audit/signer.ts';
import { aSealedLog, type SealedLog } from './a-sealed-log.ts';

let sealed: SealedLog;

/** Three seals of ten entries, and four entries that wait for the next one. */
beforeEach(async () => {
  sealed = await aSealedLog('verify audit');
  for (const total of [10, 20, 30]) {
    await sealed.write(10);
    await sealed.sealUpTo(total, 10);
  }
  await sealed.write(4);
});

afterEach(() => sealed.close());

describe('a log that nobody has touched', () => {
  it('is as it was sealed, and what is not sealed yet is counted', async () => {
    const verdict = await sealed.verify({ checkpoints: sealed.checkpoints });
    expect(verdict).toMatchObject({ entries: 34, seals: 3, unsealed: 4, faults: [], faultCount: 0 });
    expect(verdict.lastSeal).toMatchObject({ no: 3, total: 30 });
  });

  it('is sealed in batches of about the size that is asked for, each entry once', async () => {
    for (let n = 0; n < 25; n += 1) await sealed.write(1);
    await sealed.sealUpTo(59, 10);
    const verdict = await sealed.verify({ checkpoints: sealed.checkpoints });
    expect(verdict).toMatchObject({ unsealed: 0, faultCount: 0, lastSeal: { total: 59 } });
    expect(verdict.seals).toBeGreaterThanOrEqual(6);
  });

  it('may have entries that commit long after later ones: they stand in a later seal', async () => {
    const late = new pg.Client({ connectionString: sealed.url });
    await late.connect();
    await late.query('begin');
    await late.query(`insert into audit_event (actor, action) values ('slow', 'row.moved')`);
    await sealed.write(5);
    await sealed.sealUpTo(34);
    await sealed.seal();
    expect((await sealed.verify()).unsealed).toBe(5);
    await late.query('commit');
    await late.end();
    await sealed.sealUpTo(40);
    expect(await sealed.verify()).toMatchObject({ unsealed: 0, faultCount: 0 });
  });

  it('goes on after it was restored into another server, whose transactions have low numbers again', async () => {
    // What the old server had written and not sealed, with numbers that this one will have again.
    await sealed.tamper(`insert into audit_seal select 4, ledger, hash, entries, total, first_seq, last_seq,
      '999999999999', sealed_at, digest, 'x', key, signature, seqs, digests from audit_seal where no = 3`);
    await sealed.sealUpTo(34);
    await sealed.write(3);
    await sealed.sealUpTo(37);
    await sealed.write(2);
    await sealed.sealUpTo(39);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from (
      select unnest(seqs) as seq from audit_seal where no <> 4 group by 1 having count(*) > 1) as twice`.execute(
      sealed.db,
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});

describe('a log that was changed by somebody who may do everything in the database', () => {
  it.each([
    [
      'a code',
      `update audit_event set code = 'API_KO' where seq = 14`,
      ['entry 14 was changed after seal 2 had closed it'],
    ],
    [
      'who it was',
      `update audit_event set actor = 'nobody' where seq = 1`,
      ['entry 1 was changed after seal 1 had closed it'],
    ],
    [
      'a detail',
      `update audit_event set detail = detail || '{"httpStatus": 500}' where seq = 30`,
      ['entry 30 was changed after seal 3 had closed it'],
    ],
    ['a removed entry', `delete from audit_event where seq = 17`, ['entry 17 is gone; seal 2 has it']],
    [
      'two entries swapped',
      `update audit_event set row_id = case seq when 4 then 5 else 4 end where seq in (4, 5)`,
      ['entry 4 was changed after seal 1 had closed it', 'entry 5 was changed after seal 1 had closed it'],
    ],
    [
      'an entry put between the others',
      `insert into audit_event (seq, txid, actor, action) overriding system value
        select -5, min(txid), 'test', 'row.moved' from audit_event`,
      ['entry -5 was put in later: it claims to be older than seal 1, which does not have it'],
    ],
    ['a removed seal', `delete from audit_seal where no = 2`, ['seal 2 is gone']],
    [
      'a seal with another number of entries',
      `update audit_seal set entries = 9 where no = 2`,
      ['seal 2 was changed: its list of entries is not the one it was signed for'],
    ],
    [
      'a seal whose list was changed with its entry',
      `update audit_event set code = 'X' where seq = 12;
       update audit_seal set digests = sha256('x') || substr(digests, 33) where no = 2`,
      ['seal 2 was changed: its list of entries is not the one it was signed for'],
    ],
    [
      'a seal with a signature of another text',
      `update audit_seal set signature = (select signature from audit_seal where no = 1) where no = 2`,
      ["seal 2 bears a signature that is not its key's"],
    ],
  ])('shows %s', async (_what, statement, expected) => {
    await sealed.tamper(statement);
    expect(await sealed.faults()).toEqual(expect.arrayContaining(expected));
    expect((await sealed.faults())[0]).toBe(expected[0]);
  });

  it('shows an entry that was written with a time long past', async () => {
    await sealed.tamper(
      `insert into audit_event (at, actor, action) values (clock_timestamp() - interval '1 day', 'x', 'row.moved')`,
    );
    await sealed.sealUpTo(35);
    // How many seals it took depends on what other transactions of the server let be sealed.
    const { no } = sealed.checkpoints.at(-1) ?? {};
    expect(await sealed.faults()).toEqual([
      `entry 35 bears a time that can not be its own: seal ${no} was made at another`,
    ]);
  });

  it('shows that it was cut off, by a checkpoint from outside the database and by nothing else', async () => {
    await sealed.tamper(`delete from audit_event where seq > 20; delete from audit_seal where no = 3`);
    expect(await sealed.faults()).toEqual([]);
    expect(await sealed.faults({ checkpoints: sealed.checkpoints })).toEqual([
      `the log was cut off: seal 3, from entry ${sealed.checkpoints.at(-1)?.firstSeq} on, was written outside the database and is not in it`,
    ]);
  });

  it('shows seals that somebody else has made anew, by key and by checkpoint', async () => {
    await sealed.tamper('delete from audit_seal');
    const { sealAudit } = await import('../../src/app/seal-audit.ts');
    const other = createAuditSigner(randomBytes(32));
    const nowhere = { append: async () => undefined, newest: async () => 0 };
    await sealAudit({
      auditLog: sealed.log,
      signer: other,
      checkpoints: nowhere,
      ledgerId: sealed.checkpoints[0]?.ledger ?? '',
    });
    expect(await sealed.faults()).toEqual([
      `seal 1 is signed by a key that is not known here (${other.publicKey}); name it with --key if it was yours`,
    ]);
    const { faults } = await sealed.verify({
      keys: new Set([other.publicKey]),
      checkpoints: sealed.checkpoints,
    });
    expect(faults[0]).toEqual({ kind: 'checkpoint_differs', seal: 1 });
  });
});

describe('seals', () => {
  it('are written by one of two who seal at once, and no entry is sealed twice', async () => {
    await sealed.write(50);
    await Promise.all([sealed.seal(5), sealed.seal(5), sealed.seal(5)]);
    await sealed.sealUpTo(84);
    expect(await sealed.verify()).toMatchObject({ unsealed: 0, faultCount: 0, lastSeal: { total: 84 } });
  });
});

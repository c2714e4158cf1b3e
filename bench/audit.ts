import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { createAuditSigner } from '../src/adapters/audit/signer.ts';
import { createAuditLog } from '../src/adapters/ledger/audit-log.ts';
import { openDatabase } from '../src/adapters/ledger/database.ts';
import { migrateLedger } from '../src/adapters/ledger/migrate.ts';
import { joinEmbeddedDatabase } from '../src/adapters/postgres/embedded-database.ts';
import { sealAudit } from '../src/app/seal-audit.ts';
import type { AuditFault } from '../src/domain/audit-faults.ts';
import type { AuditSeal } from '../src/domain/audit-seal.ts';
import { verifyAudit } from '../src/app/verify-audit.ts';

/**
 * Sealing and checking the audit log: `node bench/audit.ts [--entries 1000000]`. Entries as a run of leads writes them; then
 * each kind of tampering, five in the middle of the log and one at its end, has to be found by name: it ends with 1 where
 * one is not.
 */
const { values } = parseArgs({ options: { entries: { type: 'string', default: '1000000' } } });
const count = Number(values.entries);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const home = await mkdtemp(join(tmpdir(), 'leadsync-bench-audit-'));
const embedded = await joinEmbeddedDatabase({ home });
const { db, close } = openDatabase(embedded.adminUrl);
try {
  await migrateLedger(db);
  const auditLog = createAuditLog(db);
  const signer = createAuditSigner(randomBytes(32));
  let newest = 0;
  const checkpoints = { append: async ({ no }: { no: number }) => void (newest = no), newest: async () => newest };
  for (let written = 0; written < count; written += 2_000) {
    await sql`insert into audit_event (actor, action, partner, file_id, row_id, attempt_id, from_state, to_state, fence,
        version, detail)
      select 'host-4711-abcdef01', 'row.answered', 'acme', 1, n, gen_random_uuid(), 'submitting', 'registered', 1, 3,
        jsonb_build_object('evidence', 'response_complete', 'httpStatus', 200, 'outcome', 'answered', 'leadId', 'L-'::text || n)
      from generate_series(${written}::int, ${Math.min(count, written + 2_000) - 1}::int) as n`.execute(db);
  }
  const sealing = await timed(() => sealAudit({ auditLog, signer, checkpoints, ledgerId: 'bench' }));
  say(`sealed    ${sealing.result} entries in ${sealing.seconds.toFixed(1)} s, ${rate(sealing)}`);

  const expected = { ledger: 'bench', keys: new Set([signer.publicKey]) };
  const check = (checkpoints: readonly AuditSeal[] = []) =>
    verifyAudit({ auditLog, digests: signer }, { ...expected, checkpoints });
  const verifying = await timed(() => check());
  say(`verified  ${verifying.result.entries} entries in ${verifying.seconds.toFixed(1)} s, ${rate(verifying)}`);
  say(`memory    ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`);
  if (verifying.result.faultCount !== 0) throw new Error('an untouched log was found wanting');

  if (verifying.result.lastSeal === null) throw new Error('nothing was sealed');
  const checkpoint = verifying.result.lastSeal;
  const middle = Math.floor(count / 2);
  for (const table of ['audit_event', 'audit_seal'])
    await sql.raw(`alter table ${table} disable trigger user`).execute(db);
  await sql`alter table audit_event alter column seq drop identity`.execute(db);
  for (const { what, statements, finds } of damages(middle, checkpoint)) {
    for (const statement of statements) await sql.raw(statement).execute(db);
    const { faults } = await check([checkpoint]);
    const fault = faults.find((one) => JSON.stringify({ ...one, seal: 0 }) === JSON.stringify({ ...finds, seal: 0 }));
    if (fault === undefined) throw new Error(`${what} was not found; found: ${JSON.stringify(faults)}`);
    say(`found     ${what}: ${JSON.stringify(fault)}`);
  }
} finally {
  await close();
  await embedded.leave();
  await rm(home, { recursive: true, force: true });
}

async function timed<T>(act: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const started = performance.now();
  const result = await act();
  return { result, seconds: (performance.now() - started) / 1_000 };
}

function rate({ seconds }: { readonly seconds: number }): string {
  return `${Math.round(count / seconds).toLocaleString('en')} a second`;
}

interface Damage {
  readonly what: string;
  readonly statements: readonly string[];
  /** In whatever seal. */
  readonly finds: AuditFault;
}

/** One after the other, each beside those before it. */
function damages(middle: number, last: AuditSeal): readonly Damage[] {
  const changed = (seq: number): AuditFault => ({ kind: 'entry_changed', seq: String(seq), seal: 0 });
  return [
    {
      what: 'an edit',
      statements: [`update audit_event set code = 'X' where seq = ${middle}`],
      finds: changed(middle),
    },
    {
      what: 'a deletion',
      statements: [`delete from audit_event where seq = ${middle + 1}`],
      finds: { kind: 'entry_removed', seq: String(middle + 1), seal: 0 },
    },
    {
      what: 'a swap',
      statements: [
        `update audit_event set seq = -1 where seq = ${middle + 2}`,
        `update audit_event set seq = ${middle + 2} where seq = ${middle + 3}`,
        `update audit_event set seq = ${middle + 3} where seq = -1`,
      ],
      finds: changed(middle + 2),
    },
    {
      what: 'an insertion',
      statements: [
        `insert into audit_event (seq, txid, actor, action) overriding system value
          select -2, txid, 'x', 'row.moved' from audit_event where seq = 1`,
      ],
      finds: { kind: 'entry_inserted', seq: '-2', seal: 0 },
    },
    {
      what: 'an entry dated back',
      statements: [`update audit_event set at = at - interval '1 day' where seq = ${middle + 4}`],
      finds: changed(middle + 4),
    },
    {
      what: 'the end cut off, as a checkpoint outside shows',
      statements: [
        `delete from audit_event where seq = any ((select seqs from audit_seal where no = ${last.no})::bigint[])`,
        `delete from audit_seal where no = ${last.no}`,
      ],
      finds: { kind: 'cut_off', seq: last.firstSeq, seal: 0 },
    },
  ];
}

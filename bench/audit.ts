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
import { verifyAudit } from '../src/app/verify-audit.ts';

/**
 * Sealing and checking the audit log: `node bench/audit.ts [--entries 1000000]`. Entries as a run of leads writes them; then
 * each kind of tampering in the middle of the log has to be found by name.
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

  const expected = { ledger: 'bench', keys: new Set([signer.publicKey]), checkpoints: [] };
  const check = () => verifyAudit({ auditLog, digests: signer }, expected);
  const verifying = await timed(check);
  say(`verified  ${verifying.result.entries} entries in ${verifying.seconds.toFixed(1)} s, ${rate(verifying)}`);
  say(`memory    ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`);
  if (verifying.result.faultCount !== 0) throw new Error('an untouched log was found wanting');

  const middle = Math.floor(count / 2);
  const damage = {
    'an edit': `update audit_event set code = 'X' where seq = ${middle}`,
    'a removal': `delete from audit_event where seq = ${middle + 1}`,
    'a swap': `update audit_event set seq = case seq when ${middle + 2} then -1 else seq end where seq = ${middle + 2}`,
    'an insertion': `insert into audit_event (seq, txid, actor, action) overriding system value
      select -2, txid, 'x', 'row.moved' from audit_event where seq = 1`,
  };
  for (const table of ['audit_event', 'audit_seal'])
    await sql.raw(`alter table ${table} disable trigger user`).execute(db);
  await sql`alter table audit_event alter column seq drop identity`.execute(db);
  for (const [what, statement] of Object.entries(damage)) {
    await sql.raw(statement).execute(db);
    say(`found     after ${what}: ${JSON.stringify((await check()).faults[0])}`);
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

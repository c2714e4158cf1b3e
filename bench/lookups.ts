import { randomBytes } from 'node:crypto';
import { createVault } from '../src/adapters/crypto/vault.ts';
import { openDatabase } from '../src/adapters/ledger/database.ts';
import { createKeyStore } from '../src/adapters/ledger/key-store.ts';
import { createLedger } from '../src/adapters/ledger/ledger.ts';
import { migrateLedger } from '../src/adapters/ledger/migrate.ts';
import { sql } from 'kysely';
import { fillLedger } from '../test/support/large-ledger.ts';
import { ledgerAlone, withLedgerAlone, type LedgerAlone } from './ledger-alone.ts';
import { onOwnDatabase } from './own-database.ts';
import { percentile, shown, type Result } from './result.ts';

const budgetMs = 20;
const lookups = 200;
/** Leads of a round that a ledger takes in and registers. */
const leads = 4_000;

/**
 * What a ledger that has grown costs: finding a lead in it by its leadId, by the partner's own id, by its row, and its whole
 * life; and what it does for new leads, beside an empty one.
 */
export async function measureLookups(rounds: number, rows: number): Promise<readonly Result[]> {
  const results: Result[] = [];
  await onOwnDatabase('lookups', async (url) => {
    const { db, planned, close } = openDatabase(url);
    try {
      await migrateLedger(db);
      const vault = await createVault({ secret: randomBytes(32), keyStore: createKeyStore(db), now: () => new Date() });
      await fillLedger(url, vault, rows);
      const ledger = createLedger(db, planned);
      const { rows: some } = await sql<{ id: string; leadId: string; mac: string }>`
        select id, lead_id as "leadId", partner_lead_id as mac from ledger_row where state = 'registered' and id in (
          select (random() * (select max(id) from ledger_row))::bigint from generate_series(1, ${lookups * 2}))
        limit ${lookups}`.execute(db);
      const { rows: sizes } = await sql<{ bytes: number }>`
        select pg_database_size(current_database())::float8 as bytes`.execute(db);
      const size = `${shown((sizes[0]?.bytes ?? 0) / rows / 1_000)} kB a row with attempts and audit log`;
      const ways = {
        'by leadId': (one) => ledger.findRows({ text: one.leadId, partnerLeadIdMacs: [] }),
        "by the partner's own id": (one) => ledger.findRows({ text: 'CRM-1', partnerLeadIdMacs: [one.mac] }),
        'with its whole life': (one) =>
          Promise.all([
            ledger.row(one.id),
            ledger.history(one.id),
            ledger.attempts(one.id),
            ledger.updatesOf(one.id),
          ]).then(([row]) => [row]),
      } satisfies Record<string, (one: (typeof some)[number]) => Promise<readonly unknown[]>>;
      for (const [way, look] of Object.entries(ways)) {
        const taken: number[] = [];
        for (let round = 0; round < rounds; round += 1) taken.push(await percentileOf(some, look));
        results.push({
          name: `finding a lead ${way} among ${rows.toLocaleString('en')} rows, of ${budgetMs} ms`,
          ratios: taken.map((ms) => ms / budgetMs),
          budget: 1,
          bound: 'at most',
          says: `95 of 100 within ${shown(percentile(taken, 0.5))} ms; ${size}`,
        });
      }
      const grown = await ledgerAlone(ledger, vault);
      results.push(...(await besideAnEmptyOne(grown, rounds, rows)));
    } finally {
      await close();
    }
  });
  return results;
}

/** Reading and registering new leads, in turn with a ledger that has nothing in it but those of the rounds before. */
async function besideAnEmptyOne(grown: LedgerAlone, rounds: number, rows: number): Promise<readonly Result[]> {
  const taken: { readonly read: readonly [number, number]; readonly register: readonly [number, number] }[] = [];
  await withLedgerAlone('empty', async (empty) => {
    // The first round is for the compilers.
    for (let round = 0; round <= rounds; round += 1) {
      const [theirs, ours] = [await empty.read(leads), await grown.read(leads)];
      const register = [await empty.register(theirs.fileId), await grown.register(ours.fileId)] as const;
      taken.push({ read: [theirs.ms, ours.ms], register });
    }
  });
  const counted = taken.slice(1);
  const rate = (ms: number): string => `${Math.round((leads * 1_000) / ms)}`;
  return (['read', 'register'] as const).map((what) => {
    const [empty, full] = [0, 1].map((at) =>
      percentile(
        counted.map((one) => one[what][at] ?? 0),
        0.5,
      ),
    );
    return {
      name: `leads that the ledger alone can ${what} among ${rows.toLocaleString('en')} rows, against none`,
      ratios: counted.map(({ [what]: [without, among] }) => without / among),
      budget: null,
      bound: 'at least',
      says: `${rate(full ?? 0)} rows/s beside ${rate(empty ?? 0)}`,
    };
  });
}

async function percentileOf<T>(all: readonly T[], look: (one: T) => Promise<readonly unknown[]>): Promise<number> {
  const taken: number[] = [];
  for (const one of all) {
    const started = performance.now();
    const found = await look(one);
    taken.push(performance.now() - started);
    if (found.length === 0) throw new Error('a lead that is there was not found');
  }
  return percentile(taken, 0.95);
}

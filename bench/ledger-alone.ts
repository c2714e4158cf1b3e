import { randomBytes, randomUUID } from 'node:crypto';
import { createVault } from '../src/adapters/crypto/vault.ts';
import { openDatabase } from '../src/adapters/ledger/database.ts';
import { createKeyStore } from '../src/adapters/ledger/key-store.ts';
import { createLedger } from '../src/adapters/ledger/ledger.ts';
import { migrateLedger } from '../src/adapters/ledger/migrate.ts';
import type { Vault } from '../src/app/ports/vault.ts';
import type { Ledger, NewRow } from '../src/app/ports/ledger.ts';
import type { LedgerRow } from '../src/app/ports/row.ts';
import type { RowMove } from '../src/app/ports/row-moves.ts';
import { onOwnDatabase } from './own-database.ts';

const inProgress = 96;
const batchRows = 1_000;
const instance = 'bench';

export interface LedgerAlone {
  /** Takes in the rows of a file. Milliseconds. */
  read(rows: number): Promise<{ readonly ms: number; readonly fileId: string }>;
  /** From received to registered, the moves of a lead, with as many in progress as a busy service has. Milliseconds. */
  register(fileId: string): Promise<number>;
}

/** On an empty ledger of its own, in a database that goes with it. */
export async function withLedgerAlone(label: string, work: (ledger: LedgerAlone) => Promise<void>): Promise<void> {
  await onOwnDatabase(label, async (url) => {
    const { db, planned, close } = openDatabase(url);
    try {
      await migrateLedger(db);
      const vault = await createVault({ secret: randomBytes(32), keyStore: createKeyStore(db), now: () => new Date() });
      await work(await ledgerAlone(createLedger(db, planned), vault));
    } finally {
      await close();
    }
  });
}

/** What the ledger of one process does for leads, with nothing around it: no file, no queue, no calls. */
export async function ledgerAlone(ledger: Ledger, vault: Vault): Promise<LedgerAlone> {
  const key = await vault.keyFor('acme');

  const newRow = (rowNumber: number): NewRow => ({
    rowNumber,
    state: 'received',
    code: null,
    problems: [],
    warnings: [],
    keyId: key.id,
    // As long as a sealed lead of eight fields.
    payload: Buffer.alloc(260, rowNumber),
    identity: randomUUID(),
    content: randomUUID(),
    partnerLeadId: randomUUID(),
    orderKey: null,
    leadId: null,
    isFinal: false,
  });

  async function register(row: LedgerRow): Promise<void> {
    const asRead = { rowId: row.id, fence: row.fence, version: row.version, from: ['received'] } as const;
    const [check, create] = [randomUUID(), randomUUID()];
    const answered = { evidence: 'response_complete', httpStatus: 200, outcome: 'answered', code: null } as const;
    const audit = (action: string) => ({ action, actor: instance });
    const begun = { attemptId: check, step: 'check', instance } as const;
    await won({ ...asRead, to: null, begin: begun, audit: audit('attempt.begun') });
    const clientAnswer = { client: false, partnerManage: true, agentId: '0051245', multiAcceso: null, reference: null };
    const known = { clientAnswer, checkedNow: true, step: null, attempts: 0, code: null } as const;
    const checked = await won({
      ...asRead,
      to: 'checked',
      dueInMs: 0,
      set: known,
      end: { attemptId: check, ...answered },
      audit: audit('row.checked'),
    });
    const intent = await won({
      rowId: row.id,
      fence: checked.fence,
      version: checked.version,
      from: ['checked'],
      to: 'submitting',
      newFence: true,
      set: { holder: instance, agenteId: '0051245', warnings: [] },
      begin: { attemptId: create, step: 'create', instance },
      audit: audit('row.intent'),
    });
    const leadId = `B-${randomUUID()}`;
    await won({
      rowId: row.id,
      fence: intent.fence,
      attempt: create,
      from: ['submitting'],
      to: 'registered',
      set: { leadId, idLanding: null, message: null, code: null, step: null },
      end: { attemptId: create, ...answered, leadId },
      audit: audit('row.answered'),
    });
  }

  async function won(move: RowMove) {
    const result = await ledger.move(move);
    if (!result.won) throw new Error(`nobody else moves these rows: ${result.why}`);
    return result;
  }

  return {
    async read(rows) {
      const name = Buffer.from('sealed name');
      const { file } = await ledger.acceptFile({
        partner: 'acme',
        kind: 'leads',
        keyId: key.id,
        name,
        sha256: randomBytes(32).toString('hex'),
        bytes: rows * 100,
        configVersion: 'v1',
        dueAt: null,
        again: false,
        actor: instance,
      });
      const reading = await ledger.startReading(file.id, instance);
      if (reading === null) throw new Error('the file can not be read');
      const started = performance.now();
      for (let from = 0; from < rows; from += batchRows) {
        const batch = Array.from({ length: Math.min(batchRows, rows - from) }, (_, n) => newRow(from + n + 2));
        await ledger.insertRows(reading, batch, from + batch.length + 1, instance);
      }
      return { ms: performance.now() - started, fileId: file.id };
    },

    async register(fileId) {
      const rows = [...(await ledger.rows({ fileId, limit: 1_000_000 }))];
      const started = performance.now();
      const lane = async (): Promise<void> => {
        for (let row = rows.pop(); row !== undefined; row = rows.pop()) await register(row);
      };
      await Promise.all(Array.from({ length: inProgress }, lane));
      return performance.now() - started;
    },
  };
}

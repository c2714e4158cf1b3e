import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dryRun } from '../../src/app/dry-run.ts';
import { ingestFile } from '../../src/app/ingest-file.ts';
import { leadsCsv } from '../e2e/leads-file.ts';
import { createLedgerDatabase, type TestDatabase } from '../support/database.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { anIntake } from './an-intake.ts';

let database: TestDatabase;
let scratch: ScratchFolder;

beforeAll(async () => {
  database = await createLedgerDatabase('recheck');
  scratch = await scratchFolder();
});
afterAll(async () => {
  await database.drop();
  await scratch.remove();
});

it('asks again about a client who was not managed, after as long as the partner config says', async () => {
  const path = join(scratch.path, 'leads.csv');
  const counts: Record<string, unknown> = {};
  for (const [version, notManagedMs] of [
    ['first', 86_400_000],
    ['tomorrow', 86_400_000],
    ['at once', 0],
  ] as const) {
    const { ports, accept, close } = await anIntake(database.url, scratch.path, { version, recheck: { notManagedMs } });
    // Other bytes, the same lead.
    await writeFile(path, `${leadsCsv(1, 'N-')}${'\n'.repeat(Object.keys(counts).length)}`);
    const [partner] = ports.partners.list();
    if (partner === undefined) throw new Error('no partner');
    const foreseen = await dryRun(ports, { path, partner, kind: 'leads' }, async () => undefined);
    const fileId = await accept(path);
    await ingestFile(ports, fileId, new AbortController().signal);
    counts[version] = [
      foreseen.kind === 'looked' && foreseen.counts[0]?.outcome,
      await ports.ledger.countExactly(fileId),
    ];
    const [row] = await ports.ledger.rows({ fileId, state: 'received', limit: 1 });
    if (row !== undefined) {
      const audit = { action: 'row.tested', actor: 'test' };
      await ports.ledger.move({ rowId: row.id, from: ['received'], fence: row.fence, to: 'not_managed', audit });
    }
    await close();
  }
  expect(counts).toEqual({
    first: ['would_check', { received: 1 }],
    tomorrow: ['duplicate', { duplicate: 1 }],
    'at once': ['would_check', { received: 1 }],
  });
});

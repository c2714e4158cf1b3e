import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Cell } from './cell.ts';
import { dropFile, type PartnerFile } from './world/partner-files.ts';
import type { World } from './world/world.ts';

/**
 * Under everything else: the ledger is backed up when it knows all files but one and has begun, more is sent, the last file
 * comes, and then the ledger is what it was. Once somebody has recovered it, the partner sends that file again. Resolves
 * with the moment from which the old ledger answered.
 */
export async function bringBackFromBackup(world: World, cell: Cell, late: PartnerFile): Promise<number> {
  const creates = (): number => world.api.truth().filter(({ kind }) => kind === 'create').length;
  await until(async () => creates() >= cell.rows * 0.1 && (await ask(world, allRead, [cell.files + 1])), 120_000);
  await world.postgres.backUp();
  const before = creates();
  await dropFile(world.home, late);
  const isLateRead = (): Promise<boolean> => ask(world, allRead, [cell.files + 2]);
  await until(async () => creates() >= before + cell.rows * 0.2 && (await isLateRead()), 60_000);
  // Some of the late file's own leads as well: their rows are lost with the file.
  await pause(2_000);
  await world.postgres.bringBack();
  const atMs = Date.now();
  await until(() => ask(world, isRecovered, []), 90_000);
  await dropFile(world.home, late);
  return atMs;
}

const allRead = `select count(*) filter (where state in ('read', 'settled')) >= $1 as yes from file`;
const isRecovered = `select exists (select from audit_event where action = 'ledger.recovered')
  and not exists (select from ledger_gap) and not exists (select from work_pause) as yes`;

/** No, as long as the database does not answer. */
async function ask(world: World, question: string, values: readonly number[]): Promise<boolean> {
  const client = new pg.Client({ connectionString: world.postgres.url(), connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<{ yes: boolean }>(question, [...values])).rows[0]?.yes === true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Goes on when it has not come to that in time: the report then says that nothing was shown. */
async function until(isSo: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo()) && performance.now() < deadline) await pause(300);
}

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openDatabase, type OpenedDatabase } from '../../src/adapters/ledger/database.ts';
import { migrateQueue } from '../../src/adapters/queue/queue-schema.ts';
import { createLedgerDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import type { FakeLeadsApi } from '../support/fake-leads-api.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { plainPartner } from './leads-file.ts';

export interface Installation {
  readonly home: string;
  /** For `startLeadsync`. */
  readonly env: Readonly<Record<string, string>>;
  /** For the owner of the schema. */
  readonly adminUrl: string;
  /** As the owner of the schema, which the processes of the installation are not. */
  readonly database: OpenedDatabase;
  /** The newest result file of a dropped name, parsed; waits for it. */
  results(partner: string, name: string): Promise<Record<string, string>[]>;
  remove(): Promise<void>;
}

/**
 * A home, a migrated database and a partner of a test's own, against a fake API; its processes have the rights of a
 * service. Fast patience, no rate limit.
 */
export async function createInstallation(
  label: string,
  api: Pick<FakeLeadsApi, 'url'>,
  more: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const scratch = await scratchFolder();
  const { url, adminUrl, drop } = await createLedgerDatabase(label);
  if (more['LEADSYNC_QUEUE_BACKEND'] === 'postgres' || inject('redisBinary') === null)
    await migrateQueue(adminUrl, decodeURIComponent(new URL(url).username));
  const home = scratch.path;
  await mkdir(join(home, 'partners'), { recursive: true });
  await writeFile(join(home, 'partners', 'acme.yaml'), plainPartner('acme'));
  const database = openDatabase(adminUrl, { max: 2 });
  return {
    home,
    adminUrl,
    database,
    env: {
      LEADSYNC_HOME: home,
      LEADSYNC_SECRET_KEY: randomBytes(32).toString('base64'),
      LEADSYNC_AUDIT_KEY: randomBytes(32).toString('base64'),
      DATABASE_URL: url,
      LEADS_API_URL: api.url,
      LEADS_API_ENVIRONMENT: 'test',
      LEADS_API_RATE_PER_SECOND: '0',
      LEADS_API_CONCURRENCY: '16',
      LEADS_API_TIMEOUT_MS: '3000',
      LEADS_API_SEND_BUDGET_MS: '1000',
      LEADSYNC_QUIET_PERIOD_MS: '3000',
      LEADSYNC_ARRIVAL_AGE_MS: '200',
      LEADSYNC_TIME_SCALE: '0.01',
      LOG_LEVEL: 'warn',
      ...more,
    },
    async results(partner, name) {
      const folder = join(home, 'outbox', partner);
      const found = await eventually(`the result of ${name}`, async () => {
        const names = await readdir(folder).catch(() => []);
        return names.find((one) => one.startsWith(`${name}.`) && one.endsWith('.results.csv'));
      });
      return parseResults(await readFile(join(folder, found), 'utf8'));
    },
    async remove() {
      await database.close();
      await drop();
      await scratch.remove();
    },
  };
}

/** Result files of these tests have no quoted cells with delimiters. */
function parseResults(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n');
  const names = header.split(';');
  return lines.map((line) => {
    const cells = line.split(';');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

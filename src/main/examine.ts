import { existsSync } from 'node:fs';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerDatabase } from '../adapters/ledger/database.ts';
import { connectQueue } from '../adapters/queue/connect-queue.ts';
import type { Config } from '../config/config.ts';
import { judgeWebhookSecrets } from '../config/webhook-secrets.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import { checkout } from './checkout.ts';
import { openLedger } from './open-ledger.ts';
import { openQueueStore, type QueueStore } from './open-stores.ts';
import { describeExcess } from './prepare-schema.ts';

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly says: string;
}

/** Looks at everything that `run` needs, in the order in which it needs it. Nothing is sent to the API. */
export async function* examine(config: Config): AsyncGenerator<Finding> {
  const isPinned = process.execPath.startsWith(checkout);
  yield {
    name: 'runtime',
    ok: true,
    says: `Node ${process.version}${isPinned ? ", pinned by this checkout (production: the vendor's own Node 24 or newer)" : ''}`,
  };
  yield { name: 'home', ok: true, says: config.home };
  yield config.api === null
    ? { name: 'api', ok: false, says: 'LEADS_API_URL: expected the URL of the Leads API, found nothing' }
    : {
        name: 'api',
        ok: true,
        says: `${config.api.url} (${config.environment ?? ''}, contract ${config.api.version}); leadsync doctor --api asks it`,
      };
  for (const warning of config.warnings) yield { name: 'warning', ok: true, says: warning };
  yield* examineStores(config);
}

async function* examineStores(config: Config): AsyncGenerator<Finding> {
  try {
    const opened = await openLedger(config);
    try {
      yield { name: 'ledger', ok: true, says: opened.surroundings.ledger };
      yield await examineRights(opened.db);
      const queue = await openQueueStore(config, opened.store);
      yield* examineQueue(queue, opened.stamp?.ledgerId ?? '');
      await queue.leave();
      const partners = opened.partners.list().map((partner) => partner.id);
      yield {
        name: 'partners',
        ok: partners.length > 0,
        says: partners.join(', ') || `none in ${config.folders.partners}`,
      };
      for (const fault of opened.partnerFaults) yield { name: 'partner', ok: false, says: fault.message };
      for (const { webhook } of opened.partners.list()) {
        const judged = webhook === null ? null : judgeWebhookSecrets(config.folders.partners, webhook.secrets);
        if (judged !== null)
          yield { name: judged.isUsable ? 'warning' : 'webhook', ok: judged.isUsable, says: judged.says };
      }
      const { archive, inbox, outbox, rejected } = config.folders;
      for (const folder of [inbox, outbox, archive, rejected]) yield await examineFolder(folder);
      // Made by the first start of a service.
      if (existsSync(config.folders.spool)) yield await examineFolder(config.folders.spool);
      for (const partner of partners) {
        for (const folder of [inbox, archive, rejected]) {
          const finding = await examineFolder(join(folder, partner));
          if (!finding.ok) yield finding;
        }
      }
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    yield { name: 'ledger', ok: false, says: error.message };
  }
}

/** One that does not answer, or wants another password, shows nowhere else before the service starts. */
async function* examineQueue({ says, target }: QueueStore, ledgerId: string): AsyncGenerator<Finding> {
  try {
    const nobody = (): void => undefined;
    const queue = await connectQueue(target, {
      prefix: `leadsync-${ledgerId}`,
      onError: nobody,
      onInfrastructureError: nobody,
    });
    await queue.close(0);
    yield { name: 'queue', ok: true, says };
    for (const warning of queue.warnings) yield { name: 'warning', ok: true, says: warning };
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    yield { name: 'queue', ok: false, says: error.message };
  }
}

/** With more than that production does not start; elsewhere one role may serve for everything. */
async function examineRights(db: LedgerDatabase): Promise<Finding> {
  const excess = await describeExcess(db);
  const enough = 'the database role of the service may do what the service does, and no more';
  return { name: 'rights', ok: true, says: excess === null ? enough : `too wide for production: ${excess}` };
}

async function examineFolder(folder: string): Promise<Finding> {
  const canWrite = await access(folder, constants.R_OK | constants.W_OK).then(
    async () => (await stat(folder)).isDirectory(),
    () => false,
  );
  if (!canWrite) return { name: 'folder', ok: false, says: `${folder}: expected a folder that can be written` };
  // What is left for those who are not root.
  const { bavail, blocks } = await statfs(folder);
  return blocks > 0 && bavail === 0
    ? { name: 'folder', ok: false, says: `${folder}: expected room on its file system, got none` }
    : { name: 'folder', ok: true, says: folder };
}

import { mkdir } from 'node:fs/promises';
import { createCsvRecordReader } from '../adapters/csv/csv-record-reader.ts';
import { fileBytes } from '../adapters/csv/file-bytes.ts';
import { createKeptBytes } from '../adapters/crypto/kept-bytes.ts';
import { createVault, type StampedVault } from '../adapters/crypto/vault.ts';
import { createFolders } from '../adapters/files/folders.ts';
import { createRequestFields } from '../adapters/leads-api/request-fields.ts';
import { createAlarmLedger } from '../adapters/ledger/alarms.ts';
import { createKeptFiles } from '../adapters/files/kept-files.ts';
import { createCancelLedger } from '../adapters/ledger/cancel-rows.ts';
import { createAnnounced, type Announced } from '../adapters/ledger/announced.ts';
import { createConfigVersions } from '../adapters/ledger/config-versions.ts';
import { openDatabase } from '../adapters/ledger/database.ts';
import { createDeliveryLedger } from '../adapters/ledger/deliveries.ts';
import { createErasureLedger } from '../adapters/ledger/erasures.ts';
import { createFileClaims } from '../adapters/ledger/file-claims.ts';
import { createGapLedger } from '../adapters/ledger/gap.ts';
import { createKeyStore } from '../adapters/ledger/key-store.ts';
import { createLedger } from '../adapters/ledger/ledger.ts';
import { createLedgerPages } from '../adapters/ledger/ledger-pages.ts';
import { createListingLedger } from '../adapters/ledger/listing-ledger.ts';
import { createPersonIndex } from '../adapters/ledger/person-index.ts';
import { createNightRuns } from '../adapters/ledger/nights.ts';
import { createNightViews } from '../adapters/ledger/night-views.ts';
import { createReplayLedger } from '../adapters/ledger/replays.ts';
import { createRetentionLedger } from '../adapters/ledger/retention.ts';
import { readStamp, stampLedger, type WrittenStamp } from '../adapters/ledger/stamp.ts';
import { cronSchedules } from '../adapters/schedule/cron-schedule.ts';
import { createSuppressions } from '../adapters/ledger/suppressions.ts';
import { openSpool } from '../adapters/spool/spool-folder.ts';
import type { Settings } from '../app/ports.ts';
import type { ConfigVersions } from '../app/ports/config-versions.ts';
import type { OpenedLedger } from '../cli/cli.ts';
import type { Config } from '../config/config.ts';
import { createPartners, type Partners } from '../config/partners.ts';
import { ensureAuditKey, ensureSecretKey } from '../config/keys.ts';
import type { ConfigFault } from '../domain/config-fault.ts';
import type { LedgerDatabase } from '../adapters/ledger/database.ts';
import { contractInForce } from './contract-of.ts';
import { openAuditTrail } from './open-audit-trail.ts';
import { describeQueue, openLedgerStore, type LedgerStore } from './open-stores.ts';
import { prepareLedger, requireTls } from './prepare-schema.ts';
import { systemClock } from './system-clock.ts';

export interface MainLedger extends OpenedLedger {
  /** What the ledger must know before this process announces anything in it. */
  readonly announced: Announced;
  readonly store: LedgerStore;
  readonly db: LedgerDatabase;
  /** Null before the first start against an API. */
  readonly stamp: WrittenStamp | null;
  readonly partners: Partners;
  readonly folders: ReturnType<typeof createFolders>;
  readonly vault: StampedVault;
  readonly configVersions: ConfigVersions;
  /** Faults of partner configs; the others are in force. */
  readonly partnerFaults: readonly ConfigFault[];
}

/**
 * Opens the ledger: joins or starts the database, sees to its schema (`prepareLedger`), looks whether it belongs to this
 * environment and key, and reads the partner configs. Closing gives everything back, also after a
 * failure half way.
 */
export async function openLedger(config: Config): Promise<MainLedger> {
  const store = await openLedgerStore(config);
  const database = openDatabase(store.url);
  const close = async (): Promise<void> => {
    await database.close();
    await store.leave();
  };
  try {
    await prepareLedger(config, store, database.db);
    const vault = await createVault({
      secret: ensureSecretKey(config),
      keyStore: createKeyStore(database.db),
      now: () => new Date(),
    });
    // Commands that only look may run without an API: the stamp is then left as it is.
    const environment = config.environment ?? null;
    const stamp =
      environment === null
        ? await readStamp(database.db)
        : await stampLedger(database.db, { environment, keyFingerprint: vault.fingerprint() });
    requireTls(config, stamp?.environment);
    await mkdir(config.folders.partners, { recursive: true });
    const contract = contractInForce(config);
    const { leadFields } = contract;
    const partners = createPartners(config.folders.partners, { leadFields, timeZone: config.timeZone });
    const partnerFaults = partners.reload().faults;
    const bytes = createKeptBytes(vault, config.folders);
    const folders = createFolders({
      ...config.folders,
      arrivalAgeMs: config.arrivalAgeMs,
      bytes,
      monotonicMs: () => systemClock.monotonicMs(),
    });
    await folders.prepare(partners.list().map((partner) => partner.id));
    const announced = createAnnounced();
    return {
      store,
      stamp,
      db: database.db,
      announced,
      ledger: createLedger(database.db, database.planned, announced),
      listings: createListingLedger(database.db),
      pages: createLedgerPages(database.db),
      gap: createGapLedger(database.db),
      spoolIn: (folder) => openSpool(folder ?? config.folders.spool, { ledger: stamp?.ledgerId ?? '', instance: '' }),
      replays: createReplayLedger(database.db),
      cancels: createCancelLedger(database.db),
      fileClaims: createFileClaims(database.db),
      persons: createPersonIndex(database.db),
      nights: { ...createNightRuns(database.db), ...createNightViews(database.db) },
      alarms: createAlarmLedger(database.db),
      configVersions: createConfigVersions(database.db),
      deliveries: createDeliveryLedger(database.db),
      schedules: cronSchedules,
      suppressions: createSuppressions(database.db),
      erasures: createErasureLedger(database.db),
      retention: createRetentionLedger(database.db),
      kept: createKeptFiles(config.folders, bytes),
      vault,
      partners,
      partnerFaults,
      folders,
      auditTrail: openAuditTrail(database.db, {
        seed: ensureAuditKey(config),
        ledgerId: stamp?.ledgerId ?? '',
        folder: config.folders.checkpoints,
      }),
      records: createCsvRecordReader({ ...bytes, mark: fileBytes.mark }),
      requests: {
        fields: createRequestFields({
          contract,
          ...(config.api === null ? {} : { phoneFormat: config.api.phoneFormat }),
        }),
        endpoints: config.api?.endpoints ?? null,
      },
      bytes,
      settings: settingsOf(config, stamp?.ledgerId ?? ''),
      surroundings: {
        home: config.home,
        environment: stamp?.environment ?? 'not set (LEADS_API_URL)',
        ledger: store.says,
        queue: describeQueue(config),
        api: config.api?.url ?? 'not set (LEADS_API_URL)',
        timeZone: config.timeZone,
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function settingsOf(config: Config, ledgerId: string): Settings {
  return {
    environment: config.environment ?? 'test',
    ledgerId,
    sendBudgetMs: config.api?.sendBudgetMs ?? 5_000,
    callDeadlineMs: config.api?.timeoutMs ?? 15_000,
    quietPeriodMs: config.quietPeriodMs,
    checkValidForMs: 60 * 60_000,
    timeZone: config.timeZone,
    updatePatienceMs: config.updatePatienceMs,
    ratePerSecond: config.api?.ratePerSecond ?? 10,
    timeScale: config.timeScale,
    window: 500,
    fieldRules: contractInForce(config).leadFields,
  };
}

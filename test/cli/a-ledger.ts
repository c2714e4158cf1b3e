import { createRequestFields } from '../../src/adapters/leads-api/request-fields.ts';
import { contracts } from '../../src/contract/index.ts';
import { createGapLedger } from '../../src/adapters/ledger/gap.ts';
import { openSpool } from '../../src/adapters/spool/spool-folder.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvRecordReader } from '../../src/adapters/csv/csv-record-reader.ts';
import { createKeptBytes } from '../../src/adapters/crypto/kept-bytes.ts';
import { createVault } from '../../src/adapters/crypto/vault.ts';
import { createAlarmLedger } from '../../src/adapters/ledger/alarms.ts';
import { createCancelLedger } from '../../src/adapters/ledger/cancel-rows.ts';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../src/adapters/ledger/key-store.ts';
import { createLedger } from '../../src/adapters/ledger/ledger.ts';
import { createLedgerPages } from '../../src/adapters/ledger/ledger-pages.ts';
import { createListingLedger } from '../../src/adapters/ledger/listing-ledger.ts';
import { createDeliveryLedger } from '../../src/adapters/ledger/deliveries.ts';
import { createErasureLedger } from '../../src/adapters/ledger/erasures.ts';
import { createFileClaims } from '../../src/adapters/ledger/file-claims.ts';
import { createSuppressions } from '../../src/adapters/ledger/suppressions.ts';
import { createPersonIndex } from '../../src/adapters/ledger/person-index.ts';
import { createNightRuns } from '../../src/adapters/ledger/nights.ts';
import { createNightViews } from '../../src/adapters/ledger/night-views.ts';
import { createRetentionLedger } from '../../src/adapters/ledger/retention.ts';
import { createReplayLedger } from '../../src/adapters/ledger/replays.ts';
import { cronSchedules } from '../../src/adapters/schedule/cron-schedule.ts';
import { macContent, macIdentity, macPartnerLeadId } from '../../src/app/keyed-hashes.ts';
import type { NewRow } from '../../src/app/ports/ledger.ts';
import type { LedgerRow, RowState } from '../../src/app/ports/row.ts';
import type { RowChange, RowMove } from '../../src/app/ports/row-moves.ts';
import type { KeptFiles } from '../../src/app/ports/kept-files.ts';
import type { Vault } from '../../src/app/ports/vault.ts';
import type { Folders } from '../../src/app/ports/folders.ts';
import type { OpenedLedger } from '../../src/cli/cli.ts';
import { nightOf } from '../../src/domain/night.ts';
import { openAuditTrail } from '../../src/main/open-audit-trail.ts';
import { aPartner } from '../domain/a-partner.ts';
import { createLedgerDatabase } from '../support/database.ts';

export interface ExampleLedger {
  readonly url: string;
  /** For the owner of its schema. */
  readonly adminUrl: string;
  readonly opened: OpenedLedger;
  /** Of the file with the rows below. */
  readonly fileId: string;
  /** By partnerLeadId; CRM-1 is registered as L-1, CRM-2 in doubt, CRM-3 failed, CRM-4 rejected while reading. */
  row(partnerLeadId: string): Promise<LedgerRow>;
  close(): Promise<void>;
}

/** A ledger of its own with one file of four leads, each ended in another way. `before` writes what was there already. */
export async function exampleLedger(
  label: string,
  before: (adminUrl: string, vault: Vault) => Promise<unknown> = async () => undefined,
): Promise<ExampleLedger> {
  const database = await createLedgerDatabase(label);
  const connection = openDatabase(database.url);
  const { db, planned } = connection;
  const ledger = createLedger(db, planned);
  const vault = await createVault({ secret: randomBytes(32), keyStore: createKeyStore(db), now: () => new Date() });
  const partner = aPartner();
  const opened: OpenedLedger = {
    ledger,
    vault,
    partners: { get: (id) => (id === partner.id ? partner : null), list: () => [partner], isBroken: () => false },
    folders: { scan: async () => ({ ready: [], folders: [] }) } as Partial<Folders> as Folders,
    records: csvRecordReader,
    requests: {
      fields: createRequestFields({ contract: contracts['1.2.5'] }),
      endpoints: {
        clientData: { method: 'POST', path: '/client-data' },
        altaLead: { method: 'POST', path: '/alta-lead' },
        updateLead: { method: 'POST', path: '/update-lead' },
      },
    },
    retention: createRetentionLedger(db),
    bytes: createKeptBytes(vault, { archive: join(tmpdir(), 'nothing'), rejected: join(tmpdir(), 'nothing') }),
    settings: {
      environment: 'test',
      ledgerId: '00000000-0000-4000-8000-000000000000',
      sendBudgetMs: 5_000,
      callDeadlineMs: 15_000,
      quietPeriodMs: 20 * 60_000,
      checkValidForMs: 3_600_000,
      timeZone: 'Europe/Madrid',
      updatePatienceMs: 24 * 3_600_000,
      ratePerSecond: 10,
      timeScale: 1,
      window: 500,
      fieldRules: [],
    },
    listings: createListingLedger(db),
    pages: createLedgerPages(db),
    gap: createGapLedger(db),
    spoolIn: (folder = '') => openSpool(folder, { ledger: '00000000-0000-4000-8000-000000000000', instance: 'cli' }),
    replays: createReplayLedger(db),
    cancels: createCancelLedger(db),
    fileClaims: createFileClaims(db),
    persons: createPersonIndex(db),
    nights: { ...createNightRuns(db), ...createNightViews(db) },
    alarms: createAlarmLedger(db),
    deliveries: createDeliveryLedger(db),
    schedules: cronSchedules,
    suppressions: createSuppressions(db),
    erasures: createErasureLedger(db),
    kept: {
      list: async function* () {},
      issuedOf: async () => [],
      removeLeftovers: async () => undefined,
    } as Partial<KeptFiles> as KeptFiles,
    auditTrail: openAuditTrail(db, {
      seed: randomBytes(32),
      ledgerId: '00000000-0000-4000-8000-000000000000',
      folder: join(tmpdir(), `no-checkpoints-${randomBytes(4).toString('hex')}`),
    }),
    surroundings: {
      home: '/srv/leadsync',
      environment: 'test',
      ledger: 'PostgreSQL at db:5432',
      queue: 'Redis at redis:6379',
      api: 'https://leads.example',
      timeZone: 'Europe/Madrid',
    },
    close: () => connection.close(),
  };
  await before(database.adminUrl, vault);
  const fileId = await readFile(opened);
  const row = async (partnerLeadId: string): Promise<LedgerRow> => {
    const partnerLeadIdMacs = [macPartnerLeadId(vault, partner.id, partnerLeadId)];
    const [found] = await ledger.findRows({ text: 'none', partnerLeadIdMacs });
    if (found === undefined) throw new Error(`no row ${partnerLeadId}`);
    return found;
  };
  await send(opened, await row('CRM-1'), 'registered', { leadId: 'L-1', idLanding: 'IL-1', agenteId: '0051245' });
  await send(opened, await row('CRM-2'), 'in_doubt', { code: 'API_NO_ANSWER', agenteId: '0051245' });
  await move(opened, await row('CRM-3'), { to: 'failed', set: { code: 'API_KO' } });
  return {
    url: database.url,
    adminUrl: database.adminUrl,
    opened,
    fileId,
    row,
    async close() {
      await connection.close();
      await database.drop();
    },
  };
}

async function readFile({ ledger, vault }: OpenedLedger): Promise<string> {
  const key = await vault.keyFor('acme');
  const { file } = await ledger.acceptFile({
    partner: 'acme',
    kind: 'leads',
    keyId: key.id,
    name: key.seal('export-of-monday.csv'),
    sha256: randomBytes(32).toString('hex'),
    bytes: 1_000,
    configVersion: 'test',
    dueAt: null,
    night: nightOf(new Date(), 'Europe/Madrid'),
    again: false,
    actor: 'test',
  });
  const row = (number: number, dni: string): NewRow => ({
    rowNumber: number + 1,
    state: 'received',
    code: null,
    problems: [],
    warnings: [],
    keyId: key.id,
    payload: key.seal(
      JSON.stringify({ fields: { dni, name: 'Ana Sintética', partner: 'Acme S.L.' }, partnerLeadId: `CRM-${number}` }),
    ),
    // As reading it again would find it.
    identity: macIdentity(vault, 'acme', `v1|${JSON.stringify(['acme', 'id', `CRM-${number}`])}`),
    content: macContent(vault, dni),
    partnerLeadId: macPartnerLeadId(vault, 'acme', `CRM-${number}`),
    orderKey: null,
    isFinal: false,
    leadId: null,
  });
  const reading = await ledger.startReading(file.id, 'test');
  if (reading === null) throw new Error('the file could not be read');
  const unusable = { state: 'rejected', code: 'ROW_NIF_INVALID', identity: null } as const;
  const problems = [{ code: 'ROW_NIF_INVALID', column: 'dni' }] as const;
  await ledger.insertRows(
    reading,
    [row(1, '00000001R'), row(2, '00000002W'), row(3, '00000003A'), { ...row(4, '1'), ...unusable, problems }],
    5,
    'test',
  );
  await ledger.finishReading(file.id, 'test');
  return file.id;
}

/** received → checked → submitting → the outcome, by a worker that has gone. */
async function send(opened: OpenedLedger, row: LedgerRow, to: RowState, set: RowChange): Promise<void> {
  const attemptId = randomUUID();
  await move(opened, row, { to: 'checked', set: { step: 'create' } });
  await move(opened, row, {
    to: 'submitting',
    newFence: true,
    begin: { attemptId, step: 'create', instance: 'worker-1' },
    set: { holder: 'worker-1' },
  });
  const evidence = to === 'in_doubt' ? 'maybe_written' : 'response_complete';
  const httpStatus = to === 'in_doubt' ? null : 200;
  await move(opened, row, {
    to,
    set,
    end: {
      attemptId,
      evidence,
      httpStatus,
      outcome: to === 'in_doubt' ? 'ambiguous' : 'answered',
      code: set.code ?? null,
      ...(typeof set.leadId === 'string' ? { leadId: set.leadId } : {}),
    },
  });
}

async function move({ ledger }: OpenedLedger, row: LedgerRow, change: Pick<RowMove, 'to' | 'set'> & Partial<RowMove>) {
  const now = await ledger.row(row.id);
  if (now === null) throw new Error(`row ${row.id} is gone`);
  const result = await ledger.move({
    rowId: row.id,
    from: [now.state],
    fence: now.fence,
    audit: { action: `row.${change.to ?? 'kept'}`, actor: 'worker-1', code: change.set?.code ?? null },
    ...change,
  });
  if (!result.won) throw new Error(`row ${row.id}: ${result.why}`);
}

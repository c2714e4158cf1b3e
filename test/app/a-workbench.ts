import { randomUUID } from 'node:crypto';
import { createLeadsApi } from '../../src/adapters/leads-api/leads-api-client.ts';
import { createVault } from '../../src/adapters/crypto/vault.ts';
import { openDatabase, type LedgerDatabase } from '../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../src/adapters/ledger/key-store.ts';
import { createLedger } from '../../src/adapters/ledger/ledger.ts';
import { createNightRuns } from '../../src/adapters/ledger/nights.ts';
import { createNightViews } from '../../src/adapters/ledger/night-views.ts';
import { createSuppressions } from '../../src/adapters/ledger/suppressions.ts';
import { macContent, macIdentity, macPartnerLeadId } from '../../src/app/keyed-hashes.ts';
import type { NewRow } from '../../src/app/ports/ledger.ts';
import type { NightLedger } from '../../src/app/ports/night-ledger.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import { openLead } from '../../src/app/row-payload.ts';
import type { RegisterPorts } from '../../src/app/register-lead.ts';
import { createTraffic } from '../../src/app/traffic.ts';
import { contracts } from '../../src/contract/index.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { aPartner } from '../domain/a-partner.ts';
import { createLedgerDatabase } from '../support/database.ts';

export interface TestUpdate {
  readonly leadId: string | null;
  readonly partnerLeadId?: string;
  readonly estado: string;
  readonly orderKey?: string;
}

export interface Workbench {
  readonly ports: RegisterPorts;
  readonly db: LedgerDatabase;
  readonly partner: Partner;
  readonly nights: NightLedger;
  /** One received lead row; its id. */
  leadRow(fields?: Readonly<Record<string, string>>): Promise<string>;
  /** One received update of a lead, by its leadId; its id. `orderKey` as a date column gives it. */
  updateRow(update: TestUpdate): Promise<string>;
  /** The partner's own id of a lead row. */
  ownIdOf(row: LedgerRow): Promise<string>;
  close(): Promise<void>;
}

const lead = {
  acceptTerms: 'true',
  name: 'Persona Inventada',
  phone: '600000001',
  motivoLlamada: '1',
  dni: '99000001S',
};

/** The real ledger, vault and API client of one worker process, against the API at `url`. Patience is short. */
export async function aWorkbench(label: string, url: string, more: Partial<RegisterPorts> = {}): Promise<Workbench> {
  const database = await createLedgerDatabase(label);
  const { db, planned, close } = openDatabase(database.url);
  const ledger = createLedger(db, planned);
  const vault = await createVault({
    secret: new Uint8Array(32).fill(7),
    keyStore: createKeyStore(db),
    now: () => new Date(),
  });
  const partner = aPartner({ agent: { default: '0051245', byPostalCode: {}, fromCheck: 'always' } });
  const instance = `worker-${label}`;
  await ledger.enrol({ id: instance, host: 'test', pid: 1, roles: ['worker'] });
  const api = createLeadsApi({
    url,
    contract: contracts['1.2.5'],
    endpoints: {
      clientData: { method: 'POST', path: '/client-data' },
      altaLead: { method: 'POST', path: '/alta-lead' },
      updateLead: { method: 'POST', path: '/update-lead' },
    },
    auth: { kind: 'none' },
    headers: {},
    body: 'json',
    timeoutMs: 2_000,
    connections: 8,
    userAgent: 'test',
  });
  const without: Omit<RegisterPorts, 'traffic'> = {
    api,
    clock: { monotonicMs: () => performance.now(), wallMs: () => Date.now(), random: () => 0.5, newId: randomUUID },
    ending: new AbortController().signal,
    stopping: new AbortController().signal,
    gate: { enter: async () => ({ begin: async () => true, leave: () => undefined }) },
    instance,
    ledger,
    log: { event: () => undefined },
    partners: { get: (id) => (id === partner.id ? partner : null), list: () => [partner], isBroken: () => false },
    settings: {
      environment: 'test',
      ledgerId: '00000000-0000-4000-8000-000000000000',
      sendBudgetMs: 1_000,
      callDeadlineMs: 2_000,
      quietPeriodMs: 100,
      checkValidForMs: 3_600_000,
      timeZone: 'Europe/Madrid',
      updatePatienceMs: 1_000,
      ratePerSecond: 0,
      timeScale: 0.001,
      window: 100,
      fieldRules: contracts['1.2.5'].leadFields,
    },
    suppressions: createSuppressions(db),
    spool: { noteAnswer: () => undefined, noteRequest: () => undefined },
    vault,
    ...more,
  };
  const traffic = createTraffic(without, { account: 'default', settings: 'test' });
  const ports: RegisterPorts = { traffic, ...without };

  const blank = {
    rowNumber: 2,
    state: 'received' as const,
    code: null,
    problems: [],
    warnings: [],
    identity: null,
    content: null,
    partnerLeadId: null,
    orderKey: null,
    leadId: null,
    isFinal: false,
  };

  async function writeRow(kind: FileKind, payload: object, columns: Partial<NewRow>): Promise<string> {
    const key = await vault.keyFor(partner.id);
    const { file } = await ledger.acceptFile({
      partner: partner.id,
      kind,
      keyId: key.id,
      name: key.seal(`${kind}.csv`),
      sha256: randomUUID().replaceAll('-', '').padEnd(64, '0'),
      bytes: 1,
      configVersion: partner.version,
      dueAt: null,
      again: false,
      actor: 'test',
    });
    const reading = await ledger.startReading(file.id, 'test');
    if (reading === null) throw new Error('the file could not be read');
    const row = { ...blank, keyId: key.id, payload: key.seal(JSON.stringify(payload)), ...columns };
    await ledger.insertRows(reading, [row], 2, 'test');
    await ledger.finishReading(file.id, 'test');
    const [written] = await ledger.rows({ fileId: file.id, limit: 1 });
    if (written === undefined) throw new Error('the row was not written');
    return written.id;
  }

  async function leadRow(fields: Readonly<Record<string, string>> = {}): Promise<string> {
    const own = randomUUID();
    return writeRow(
      'leads',
      { fields: { ...lead, ...fields }, partnerLeadId: own },
      {
        identity: macIdentity(vault, partner.id, own),
        content: macContent(vault, own),
        partnerLeadId: macPartnerLeadId(vault, partner.id, own),
      },
    );
  }

  async function updateRow({ leadId, partnerLeadId, estado, orderKey }: TestUpdate): Promise<string> {
    const ownId = partnerLeadId ?? null;
    const payload = { leadId, partnerLeadId: ownId, estado, observacion: `Estado ${estado}` };
    return writeRow('updates', payload, {
      leadId,
      orderKey: orderKey ?? null,
      content: macContent(vault, JSON.stringify([estado])),
      partnerLeadId: ownId === null ? null : macPartnerLeadId(vault, partner.id, ownId),
      isFinal: estado === '20',
    });
  }

  return {
    ports,
    db,
    partner,
    nights: { ...createNightRuns(db), ...createNightViews(db) },
    leadRow,
    updateRow,
    ownIdOf: async (row) => (await openLead(vault, row)).partnerLeadId ?? '',
    async close() {
      await api.close();
      await close();
      await database.drop();
    },
  };
}

/** The context of a job's first delivery. */
export function delivery(jobId: string, redeliveries = 0) {
  return { jobId, redeliveries, signal: new AbortController().signal };
}

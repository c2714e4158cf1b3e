import { join } from 'node:path';
import { createCsvRecordReader } from '../../src/adapters/csv/csv-record-reader.ts';
import { type ByteSource, fileBytes } from '../../src/adapters/csv/file-bytes.ts';
import { createKeptBytes, type KeptBytes } from '../../src/adapters/crypto/kept-bytes.ts';
import { createVault } from '../../src/adapters/crypto/vault.ts';
import { createFolders } from '../../src/adapters/files/folders.ts';
import { openDatabase, type LedgerDatabase } from '../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../src/adapters/ledger/key-store.ts';
import { createLedger } from '../../src/adapters/ledger/ledger.ts';
import { createSuppressions } from '../../src/adapters/ledger/suppressions.ts';
import type { IngestPorts } from '../../src/app/ingest-file.ts';
import { contracts } from '../../src/contract/index.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { aPartner } from '../domain/a-partner.ts';

export interface TestIntake {
  readonly ports: IngestPorts;
  readonly db: LedgerDatabase;
  readonly bytes: KeptBytes;
  /** Takes a file in, as intake does; answers its id in the ledger. */
  accept(path: string, kind?: FileKind): Promise<string>;
  /** Bytes of files that the reader has asked for so far. */
  bytesRead(): number;
  close(): Promise<void>;
}

/** What reading a file takes, all of it real: a migrated ledger at `url`, folders below `home`, a vault, the reader. */
export async function anIntake(
  url: string,
  home: string,
  changes: Partial<Partner> = {},
  now: () => Date = () => new Date(),
): Promise<TestIntake> {
  const { db, planned, close } = openDatabase(url);
  const ledger = createLedger(db, planned);
  const vault = await createVault({
    secret: new Uint8Array(32).fill(7),
    keyStore: createKeyStore(db),
    now,
  });
  const partner = aPartner(changes);
  const kept = { archive: join(home, 'archive'), rejected: join(home, 'rejected') };
  const bytes = createKeptBytes(vault, kept);
  const folders = createFolders({
    ...kept,
    inbox: join(home, 'inbox'),
    outbox: join(home, 'outbox'),
    arrivalAgeMs: 0,
    bytes,
  });
  let read = 0;
  const counted: ByteSource = {
    ...bytes,
    mark: fileBytes.mark,
    async *read(path, start) {
      for await (const chunk of bytes.read(path, start)) {
        read += chunk.length;
        yield chunk;
      }
    },
  };
  return {
    db,
    bytes,
    ports: {
      folders,
      instance: `intake-${process.pid}`,
      ledger,
      log: { event: () => undefined },
      partners: { get: (id) => (id === partner.id ? partner : null), list: () => [partner], isBroken: () => false },
      records: createCsvRecordReader(counted),
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
      vault,
    },
    async accept(path, kind = 'leads') {
      const claimed = await folders.claimCopy(partner.id, path);
      const key = await vault.keyFor(partner.id);
      const { file } = await ledger.acceptFile({
        partner: partner.id,
        kind,
        keyId: key.id,
        name: key.seal(claimed.name),
        sha256: claimed.sha256,
        bytes: claimed.bytes,
        configVersion: partner.version,
        dueAt: null,
        again: false,
        actor: 'test',
      });
      return file.id;
    },
    bytesRead: () => read,
    close,
  };
}

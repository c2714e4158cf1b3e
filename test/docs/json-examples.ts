import { randomBytes } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { sql } from 'kysely';
import { vi } from 'vitest';
import { createKeptBytes } from '../../src/adapters/crypto/kept-bytes.ts';
import { createVault } from '../../src/adapters/crypto/vault.ts';
import { createFolders } from '../../src/adapters/files/folders.ts';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../src/adapters/ledger/key-store.ts';
import { registerConsoleToken } from '../../src/cli/console-token.ts';
import { registerPartner } from '../../src/cli/partner.ts';
import type { Cli } from '../../src/cli/cli.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { contracts } from '../../src/contract/index.ts';
import { allCommands } from '../../src/main/all-commands.ts';
import { registerDoctor } from '../../src/main/commands/doctor.ts';
import { registerKey } from '../../src/main/commands/key.ts';
import { registerRetentionWithOpen } from '../../src/main/commands/retention.ts';
import { registerSandbox } from '../../src/main/commands/sandbox.ts';
import { openPartnerDesk } from '../../src/main/open-partner-desk.ts';
import { openTokenDesk } from '../../src/main/open-token-desk.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { runCommand } from '../cli/a-cli.ts';
import { exampleLedger } from '../cli/a-ledger.ts';
import { createLedgerDatabase, createTestDatabase } from '../support/database.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

/** The leaves of the command line that have an option, such as `audit verify`. */
export function commandsWith(option: string): readonly string[] {
  const program = allCommands({ out: { width: 80 } } as unknown as Cli);
  const leaves = (command: Command, path: readonly string[]): readonly string[] => [
    ...(command.options.some(({ long }) => long === option) ? [path.join(' ')] : []),
    ...command.commands.flatMap((one) => leaves(one, [...path, one.name()])),
  ];
  return program.commands.flatMap((command) => leaves(command, [command.name()]));
}

export interface JsonExamples {
  /** A path in its folder, where some files lie. */
  file(name: string): string;
  /** Answers what is printed. */
  run(args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

const header = 'ID;NIF;Nombre;Teléfono;Email;CP;Acepta política de privacidad';

/**
 * What the commands need that look at files, configs, keys or the API: a ledger whose file is in the archive, with values
 * past their time; a partner config; a key table of its own; and a sandbox. The environment of the process names them.
 */
export async function jsonExamples(): Promise<JsonExamples> {
  const [example, home, keys, served] = await Promise.all([
    exampleLedger('docs json more'),
    scratchFolder(),
    createLedgerDatabase('docs json keys'),
    createTestDatabase('docs json sandbox'),
  ]);
  const sandbox = await startSandbox({ databaseUrl: served.url, port: 0 });
  const file = (name: string): string => join(home.path, name);
  const secret = randomBytes(32);
  const kept = openDatabase(keys.url, { max: 1 });
  await createVault({ secret, keyStore: createKeyStore(kept.db), now: () => new Date() });
  await kept.close();

  const places = { archive: file('archive'), rejected: file('rejected') };
  const bytes = createKeptBytes(example.opened.vault, places);
  const folders = createFolders({
    ...places,
    inbox: file('inbox'),
    outbox: file('outbox'),
    arrivalAgeMs: 0,
    bytes,
  });
  await folders.prepare(['acme']);
  await Promise.all([
    writeFile(
      join(places.archive, 'acme', `${example.fileId}.csv`),
      `${header}\nCRM-1;00000001R;Ana Sintética;600000001;p1@example.es;28013;sí\n`,
    ),
    writeFile(file('listing.csv'), 'leadId;partnerLeadId\nL-1;CRM-1\nL-2;CRM-2\n'),
    writeFile(file('strange.csv'), 'one;two\n1;2\n'),
    cp('fixtures/acme', home.path, { recursive: true }),
    mkdir(file('partners')).then(() => cp('fixtures/partners/acme.yaml', file('partners/acme.yaml'))),
  ]);
  const admin = openDatabase(example.adminUrl, { max: 1 });
  await sql`update ledger_row set updated_at = updated_at - interval '20 years'
    where state in ('rejected', 'failed')`.execute(admin.db);
  await admin.close();

  const settings = {
    LEADSYNC_HOME: home.path,
    LEADSYNC_QUEUE_BACKEND: 'postgres',
    DATABASE_URL: keys.adminUrl,
    LEADSYNC_SECRET_KEY: randomBytes(32).toString('base64'),
    LEADSYNC_SECRET_KEY_OLD: secret.toString('base64'),
    LEADS_API_URL: sandbox.url,
    LEADS_API_ENVIRONMENT: 'sandbox',
    LEADS_API_RATE_PER_SECOND: '0',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const tokens = openTokenDesk(file('console-tokens.json'));
  await tokens.change(() => [
    { name: 'crm', role: 'viewer', tokenHash: tokens.tokens.hash('leadsync_a'), madeAt: new Date(), expiresAt: null },
  ]);
  const openDesk = async () => openPartnerDesk(readEnvironment(settings, { checkout: process.cwd() }));
  const commands: readonly ((program: Command, cli: Cli) => unknown)[] = [
    (program, cli) => registerPartner(program, cli, openDesk),
    (program, cli) => registerConsoleToken(program, cli, async () => tokens),
    registerRetentionWithOpen,
    registerKey,
    registerDoctor,
    registerSandbox,
  ];
  const opened = {
    ...example.opened,
    bytes,
    folders,
    kept: { ...example.opened.kept, listIssued: async function* () {} },
    settings: { ...example.opened.settings, fieldRules: contracts['1.2.5'].leadFields },
  };
  return {
    file,
    async run(args) {
      const given = { opened, answer: '00000001R', more: commands.map((register) => register as never) };
      const { stdout, stderr } = await runCommand(args, given);
      if (stdout === '') throw new Error(stderr);
      return stdout;
    },
    async close() {
      vi.unstubAllEnvs();
      await sandbox.close();
      await Promise.all([example.close(), keys.drop(), served.drop(), home.remove()]);
    },
  };
}

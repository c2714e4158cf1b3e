import { setTimeout as pause } from 'node:timers/promises';
import type { Output } from '../../cli/cli.ts';
import type { RunningService } from '../../cli/service.ts';
import { readEnvironment, readProcessEnvironment } from '../../config/environment.ts';
import type { Config } from '../../config/config.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start-sandbox.ts';
import { openLedgerStore } from '../open-stores.ts';
import { startService } from '../service.ts';
import { answerKo, doubtPartnerLeadId, dropOneAnswer } from './demo-faults.ts';
import { dropFile, firstFiles, laterFiles, writePartners, type DemoFile } from './drop-files.ts';
import { demoEnvironment } from './environment.ts';
import { patiently } from './patiently.ts';
import { resolveDoubts } from './play-operator.ts';
import { printSummary } from './summary.ts';
import { waitUntilSettled } from './watch-progress.ts';

const withinMs = 60_000;

/**
 * The whole job on this repository's fixtures: our sandbox as the API, an embedded database, a home of its own. Ends by
 * itself and leaves no process behind. Run again it creates nothing new; killed at any moment and run again it ends with
 * the same leads.
 */
export async function runDemo(given: { readonly checkout: string; readonly out: Output }): Promise<void> {
  const { checkout, out } = given;
  out.note('leadsync demo: three partners, the Leads API as a sandbox, everything on this machine');
  const base = readProcessEnvironment({ checkout });
  const read = (apiUrl: string): Config => readEnvironment(demoEnvironment(base, apiUrl), { checkout });
  const store = await openLedgerStore(read('http://127.0.0.1:9'));
  let sandbox: Sandbox | null = null;
  let service: RunningService | null = null;
  try {
    if (store.embedded === null) throw new Error('the demo has an embedded database');
    sandbox = await startSandbox({
      databaseUrl: await store.embedded.urlOf('leadsync_sandbox'),
      port: 0,
      faults: [dropOneAnswer, ...answerKo],
      latencyMs: 15,
    });
    const config = read(sandbox.url);
    await writePartners(checkout, config.folders.partners);
    service = await startService(config, { roles: ['intake', 'worker'], watch: true });
    out.note(`  ledger: ${service.surroundings.ledger}\n  queue:  ${service.surroundings.queue}`);
    await tellStory({ checkout, out, config, service, sandbox });
  } finally {
    await service?.stop('demo ended');
    await sandbox?.close();
    await store.leave();
  }
}

interface Story {
  readonly checkout: string;
  readonly out: Output;
  readonly config: Config;
  readonly service: RunningService;
  readonly sandbox: Sandbox;
}

async function tellStory(story: Story): Promise<void> {
  const { out, config, service, sandbox } = story;
  const { ports } = service;
  const before = await leadsAtInsurer(sandbox.url);

  out.note("\n1. The partners drop their exports; Brisa's wait for its night");
  await dropAndWait(story, firstFiles);
  out.note("\n2. The next day's export, and what became of the leads");
  await dropAndWait(story, laterFiles);

  out.note('\n3. The API is mended; what failed is replayed');
  await orderFaults(sandbox.url, [dropOneAnswer]);
  await patiently(() => replayFailed(story));
  await settle(story, []);

  const lookUp = async (): Promise<ReadonlyMap<string, string>> => leadsAtInsurer(sandbox.url);
  const resolved = await patiently(() => resolveDoubts(ports, out, lookUp, doubtPartnerLeadId));
  if (resolved > 0) await settle(story, []);

  await patiently(() => printSummary(ports, out, config.folders.outbox));
  await printRecognised(story, before);
  await printDoubt(story);
}

async function dropAndWait(story: Story, files: readonly DemoFile[]): Promise<void> {
  const dropped: string[] = [];
  for (const file of files) dropped.push(await dropFile(story.checkout, story.config.folders.inbox, file));
  await settle(story, dropped);
}

function settle({ service, out }: Story, dropped: readonly string[]): Promise<void> {
  return waitUntilSettled(service.ports, out, { dropped, withinMs });
}

/** Half of them by an operator's command, half by a retry in the queue's own pages: both are replays of the ledger. */
async function replayFailed({ service, out }: Story): Promise<void> {
  const { ports, replays } = service;
  const [first, ...others] = await ports.ledger.rows({ code: 'API_KO', state: 'failed', limit: 1000 });
  if (first === undefined) return;
  const by = { actor: 'cli:demo', reason: 'the API is mended', ratePerSecond: 10 };
  const { id } = await replays.proposeReplay({ rowId: first.id, state: 'failed' }, by);
  if (id !== null) await replays.startReplay(id);
  out.note(`  leadsync replay --row ${first.id}: 1 row back to work`);
  for (const row of others) {
    const retried = row.endedJob !== null && (await ports.queue.retry('register-lead', row.endedJob));
    out.note(`  retry of job ${row.endedJob ?? ''} in the queue: ${retried ? 'back to work' : 'not kept'}`);
  }
  const started = performance.now();
  while ((await replays.runningReplays()).length > 0) {
    if (performance.now() - started > withinMs) throw new Error('the replay did not end in time');
    await pause(100);
  }
}

interface SandboxLeads {
  readonly leads: readonly { readonly leadId: string; readonly partnerLeadId: string | null }[];
}

function leadsAtInsurer(url: string): Promise<ReadonlyMap<string, string>> {
  return patiently(async () => {
    const found = new Map<string, string>();
    for (let after: string | undefined = ''; after !== undefined;) {
      const response = await fetch(`${url}/__sandbox/state?after=${after}`);
      if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
      const { leads } = (await response.json()) as SandboxLeads;
      for (const lead of leads) found.set(lead.partnerLeadId ?? '', lead.leadId);
      after = leads.at(-1)?.leadId;
    }
    return found;
  });
}

async function orderFaults(url: string, faults: readonly unknown[]): Promise<void> {
  await fetch(`${url}/__sandbox/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults }),
  });
}

async function printRecognised({ service, sandbox, out }: Story, before: ReadonlyMap<string, string>): Promise<void> {
  const after = await leadsAtInsurer(sandbox.url);
  const seen = await service.ports.ledger.files({ state: 'rejected', limit: 1000 });
  const recognised = seen.filter((file) => file.code === 'FILE_ALREADY_IMPORTED').length;
  out.print(`\nLeads at the insurer: ${after.size}, of which this run created ${after.size - before.size}.`);
  if (recognised > 0)
    out.print(`${recognised} files were recognised as imported before: nothing of them was created again.`);
}

async function printDoubt({ config, service, out }: Story): Promise<void> {
  const leadsync = `LEADSYNC_HOME=${config.home} npx leadsync`;
  const [row] = await service.ports.ledger.rows({ kind: 'lead', state: 'in_doubt', limit: 1 });
  if (row !== undefined) {
    out.print(`\nRow ${row.id} is in doubt: the lead may exist, its answer never came (${row.code ?? ''}).`);
    out.print('Nothing sends it again by itself. Look it up at the insurer, then:');
    out.print(`  ${leadsync} resolve ${row.id} --lead-id ID --reason "found in Ficha Gestión"`);
    out.print(`  ${leadsync} resolve ${row.id} --send-again --reason "not there"`);
  }
  out.print(`\nLook around:\n  ${leadsync} status\n  ${leadsync} lead HS-2001`);
}

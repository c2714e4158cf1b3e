import { setTimeout as pause } from 'node:timers/promises';
import type { ReplayBatch } from '../app/ports/replay-ledger.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { createProgress } from './progress.ts';
import { replayJson } from '../view/replay-json.ts';
import { sayReplayProgress } from '../view/replay-words.ts';
import { formatReplay, formatReplays } from './replay-text.ts';
import { UsageFault } from './usage-fault.ts';

const pollMs = 500;

interface Looking {
  readonly cli: Cli;
  readonly opened: OpenedLedger;
  readonly isJson: boolean;
  readonly limit: number;
}

export async function listReplays({ cli, opened, isJson, limit }: Looking): Promise<void> {
  const batches = await opened.replays.replayBatches(limit);
  if (isJson)
    return cli.out.print(
      JSON.stringify(
        batches.map((batch) => replayJson(batch)),
        null,
        2,
      ),
    );
  if (batches.length === 0) return cli.out.print('no replay yet');
  const { timeZone } = opened.surroundings;
  cli.out.print(formatReplays(batches, { timeZone, width: cli.out.width }));
  if (batches.length === limit) cli.out.note(`the newest ${limit}; --limit N shows more`);
}

export async function showReplay({ cli, opened, isJson, limit }: Looking, id: string): Promise<void> {
  const batch = await batchOf(opened, '--show', id);
  const stayed = await opened.replays.stayedRows(id, limit);
  if (isJson) return cli.out.print(JSON.stringify(replayJson(batch, stayed), null, 2));
  const { timeZone } = opened.surroundings;
  cli.out.print(formatReplay(batch, stayed, { timeZone, width: cli.out.width }));
  if (stayed.length === limit) cli.out.note(`the first ${limit} that stayed; --limit N shows more`);
  if (batch.state === 'running') await warnOfNobody(cli, opened);
}

/** Ends a batch where it is. What is back at work stays there: `leadsync cancel` takes it out again. */
export async function abortReplay({ cli, opened, isJson }: Looking, id: string, reason: string): Promise<void> {
  await batchOf(opened, '--abort', id);
  const wasRunning = await opened.replays.abortReplay(id, { actor: cli.actor, reason });
  const batch = await batchOf(opened, '--abort', id);
  if (!wasRunning) return cli.end(1, `replay ${id} is ${batch.state} already: ${sayReplayProgress(batch)}`);
  if (isJson) return cli.out.print(JSON.stringify(replayJson(batch), null, 2));
  cli.out.print(`replay ${id} is aborted: ${sayReplayProgress(batch)}`);
}

/** Looks until a batch has ended, with a bar; answers how it ended. */
export async function waitForReplay(cli: Cli, opened: OpenedLedger, id: string): Promise<ReplayBatch> {
  const progress = createProgress(cli.out, 'replay');
  let hasWarned = false;
  try {
    for (;;) {
      const batch = await batchOf(opened, 'replay', id);
      progress.show(batch.rows - batch.left, batch.rows);
      if (batch.state !== 'running') return batch;
      if (!hasWarned) hasWarned = await warnOfNobody(cli, opened);
      await pause(pollMs);
    }
  } finally {
    progress.stop();
  }
}

/** Says so when no service is there to carry on; answers whether it did. */
export async function warnOfNobody(cli: Cli, { ledger }: OpenedLedger): Promise<boolean> {
  const [works, takesIn] = await Promise.all([ledger.serviceAlive('worker'), ledger.serviceAlive('intake')]);
  if (works || takesIn) return false;
  cli.out.note('no `leadsync run` is at work on this ledger: the next one goes on with the replay');
  return true;
}

async function batchOf({ replays }: OpenedLedger, option: string, id: string): Promise<ReplayBatch> {
  const batch = await replays.replayBatch(id);
  if (batch !== null) return batch;
  throw new UsageFault(`${option}: expected the id of a replay (\`leadsync replay --list\`); got "${id}"`);
}

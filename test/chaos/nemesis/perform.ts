import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../simulation/random.ts';
import { networkFaults, type TcpProxy } from '../world/tcp-proxy.ts';
import type { World } from '../world/world.ts';
import type { Act } from './act.ts';

/** Does one act and undoes it again. Its lengths are drawn first, so that a seed gives the same ones whatever happens. */
export function perform(act: Act, world: World, random: Random): Promise<void> {
  const worker = random.pick(world.workers);
  const short = random.between(300, 1_500);
  switch (act) {
    case 'kill_worker':
      return worker.kill(short);
    case 'pause_worker':
      return stopped(worker.child(), random.between(5_500, 9_000));
    case 'pause_worker_longer_than_its_locks':
      return stopped(worker.child(), random.between(16_000, 21_000));
    case 'block_event_loop':
      worker.child().kill('SIGUSR2');
      return pause(10_000);
    case 'kill_api':
      return world.api.crash();
    case 'pause_api':
      // Far shorter than the quiet period: what lies in its buffers then is what the period is there for.
      return stopped(world.api.child(), random.between(500, 2_000));
    case 'break_way_to_api':
      return broken(world.ways.api, random, short);
    case 'break_way_to_postgres':
      return broken(world.ways.postgres, random, short);
    case 'break_way_to_redis':
      return world.ways.redis === null ? Promise.resolve() : broken(world.ways.redis, random, short);
    case 'kill_redis':
      return world.redis?.crash(0) ?? Promise.resolve();
    case 'redis_outage':
      return world.redis?.crash(random.between(4_000, 12_000)) ?? Promise.resolve();
    case 'flush_redis':
      return tolerant(world.redis?.command('FLUSHALL'));
    case 'fill_redis':
      return full(world);
    case 'restart_postgres':
      return world.postgres.restartImmediately();
    case 'end_connections':
      return world.postgres.terminate(random.between(0.2, 1));
  }
}

async function stopped(child: { kill(signal: NodeJS.Signals): boolean }, forMs: number): Promise<void> {
  child.kill('SIGSTOP');
  await pause(forMs);
  child.kill('SIGCONT');
}

async function broken(way: TcpProxy, random: Random, forMs: number): Promise<void> {
  way.afflict(random.pick(networkFaults));
  await pause(forMs);
  await way.heal();
}

async function full({ redis }: World): Promise<void> {
  await tolerant(redis?.command('CONFIG', 'SET', 'maxmemory', '1mb'));
  await pause(3_000);
  await tolerant(redis?.command('CONFIG', 'SET', 'maxmemory', '0'));
}

/** Redis may be away just now, through another act. */
async function tolerant(act: Promise<unknown> | undefined): Promise<void> {
  await act?.catch(() => undefined);
}

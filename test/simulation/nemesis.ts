import { settings } from './limits.ts';
import { startService, type Service, type Surroundings } from './service.ts';
import type { Process } from './world.ts';

export interface Nemesis {
  /** Ends every trouble: what is paused goes on, what is dead was started again, the API answers. */
  heal(): void;
}

/** Kills, freezes, cuts and confuses whatever runs, at drawn moments. */
export function unleashNemesis(around: Surroundings, processes: number): Nemesis {
  const { world, api, queue } = around;
  const { random } = world;
  const services: Service[] = [];
  let started = 0;
  let isOver = false;

  function start(): Service {
    started += 1;
    const service = startService(around, `worker-${started}`);
    service.process.wallOffsetMs = random.between(-20_000, 20_000);
    return service;
  }

  for (let n = 0; n < processes; n += 1) services.push(start());

  const replace = (index: number): void => {
    services[index] = start();
  };

  const troubles: readonly (() => void)[] = [
    () => kill(random.pick(services).process),
    () => kill(random.pick(services).process),
    () => freeze(random.pick(services).process, random.between(100, 5_000)),
    () => freeze(random.pick(services).process, random.between(8_000, 20_000)),
    () => freeze(random.pick(services).process, longFreeze()),
    () => random.pick(services).stop(),
    () => jumpClock(),
    () => queue.flush(),
    () => storeAway(),
    () => weather(),
    () => outage(),
  ];

  const longFreeze = (): number => settings.quietPeriodMs + random.between(1_000, 60_000);

  function kill(process: Process): void {
    if (process.alive) world.crash(process);
  }

  function freeze(process: Process, forMs: number): void {
    if (!process.alive || process.pausedAt !== null) return;
    // A machine that sleeps stops its monotonic clock; SIGSTOP does not.
    world.pause(process, random.chance(0.5));
    world.later(forMs, () => world.resume(process));
  }

  /** The worst moment: the intent is committed, and nothing has left yet. */
  api.onConnect = (process) => {
    if (isOver || !random.chance(0.2)) return;
    if (random.chance(0.6)) freeze(process, longFreeze());
    else kill(process);
  };
  queue.twice = random.between(0, 0.3);

  function jumpClock(): void {
    random.pick(services).process.wallOffsetMs = random.between(-20_000, 20_000);
  }

  function storeAway(): void {
    world.storeIsDown = true;
    world.later(random.between(100, 15_000), () => {
      world.storeIsDown = false;
    });
  }

  function weather(): void {
    api.weather = random.pick(['down', 'halted', 'busy']);
    world.later(random.between(1_000, 20_000), () => {
      api.weather = 'fair';
    });
  }

  /** Long enough for the breaker to open, and at a bad moment for whoever has a call before it. */
  function outage(): void {
    api.weather = 'down';
    if (random.chance(0.5)) freeze(random.pick(services).process, random.between(500, 10_000));
    world.later(random.between(20_000, 60_000), () => {
      api.weather = 'fair';
    });
  }

  function strike(): void {
    if (isOver) return;
    random.pick(troubles)();
    world.later(random.between(200, 12_000), strike);
  }

  /** An orchestrator: what has died comes back after a while, under another id. */
  function restart(): void {
    for (const [index, service] of services.entries()) if (!service.process.alive) replace(index);
    queue.sweepStalled();
    world.later(random.between(1_000, 10_000), restart);
  }

  world.later(random.between(0, 3_000), strike);
  world.later(5_000, restart);
  return {
    heal() {
      isOver = true;
      world.storeIsDown = false;
      world.brokenConnections = 0;
      api.weather = 'fair';
      api.faults = 0;
      queue.twice = 0;
      for (const { process } of services) world.resume(process);
    },
  };
}

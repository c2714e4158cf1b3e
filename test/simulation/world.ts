import type { Random } from './random.ts';

/** A process of the simulated machines. Dead: none of its promises goes on. Paused: all of them wait. */
export interface Process {
  readonly id: string;
  alive: boolean;
  pausedAt: number | null;
  /** Off the world's clock by so much; jumps. */
  wallOffsetMs: number;
  /** What the monotonic clock has missed while the machine slept. */
  sleptMs: number;
  isAsleep: boolean;
  /** What would have happened while it is paused. */
  readonly frozen: Happening[];
}

interface Happening {
  readonly at: number;
  /** Among those of one moment, drawn: no order is privileged. */
  readonly lot: number;
  /** Whose code goes on. Null: the world's own. */
  readonly of: Process | null;
  /** On the wire already: a pause or a crash of its process may come too late for it. */
  readonly isOnTheWire: boolean;
  readonly act: () => void;
}

export interface World {
  readonly random: Random;
  now(): number;
  newProcess(id: string): Process;
  /** Later, in the world. */
  later(delayMs: number, act: () => void): void;
  /** Later, as code of a process. */
  laterIn(process: Process, delayMs: number, act: () => void, isOnTheWire?: boolean): void;
  /** A call from a process to something outside: `effect` happens there in one tick, its answer comes back later. */
  call<T>(process: Process, effect: () => Promise<T>, kind?: 'read' | 'write'): Promise<T>;
  crash(process: Process): void;
  pause(process: Process, asleep: boolean): void;
  resume(process: Process): void;
  /** While true every call to a store is refused, before or after its effect. */
  storeIsDown: boolean;
  /** Chance that a call to a store loses its connection. */
  brokenConnections: number;
  /** Plays until `isOver`; false when the time is up before. */
  play(isOver: () => boolean, untilMs: number): Promise<boolean>;
  /** The process whose code runs now. */
  running(): Process | null;
  readonly figures: { steps: number; crashes: number; pauses: number };
}

/**
 * One thread of time for many processes. All that a process does between two calls to the outside is one step; which step
 * comes next is drawn, and between any two a process may be paused or never go on.
 */
export function createWorld(random: Random): World {
  const heap: Happening[] = [];
  let now = 0;
  let running: Process | null = null;
  const figures = { steps: 0, crashes: 0, pauses: 0 };

  function schedule(delayMs: number, of: Process | null, act: () => void, isOnTheWire: boolean): void {
    if (of !== null && !of.alive) return;
    push(heap, { at: now + delayMs, lot: random.next(), of, isOnTheWire, act });
  }

  const world: World = {
    random,
    figures,
    storeIsDown: false,
    brokenConnections: 0,
    now: () => now,
    running: () => running,
    newProcess: (id) => ({
      id,
      alive: true,
      pausedAt: null,
      wallOffsetMs: 0,
      sleptMs: 0,
      isAsleep: false,
      frozen: [],
    }),
    later: (delayMs, act) => schedule(delayMs, null, act, false),
    laterIn: (process, delayMs, act, isOnTheWire = false) => schedule(delayMs, process, act, isOnTheWire),

    call: (process, effect, kind = 'write') =>
      new Promise((resolve, reject) => {
        const atTheStore = (): void => {
          const fails = world.storeIsDown || random.chance(world.brokenConnections);
          // A statement whose connection breaks may have committed.
          if (fails && (world.storeIsDown || random.chance(0.5))) {
            schedule(random.between(0, 5), process, () => reject(new BrokenConnection()), false);
            return;
          }
          const result = effect();
          result.catch(() => undefined);
          const answer = (): void => {
            if (fails) reject(new BrokenConnection());
            else result.then(resolve, reject);
          };
          // Between a read and what is done with it lies the next call anyway.
          if (kind === 'read') answer();
          else schedule(latency(random), process, answer, false);
        };
        schedule(latency(random), process, atTheStore, kind === 'write');
      }),

    crash(process) {
      figures.crashes += 1;
      process.alive = false;
      process.frozen.length = 0;
    },
    pause(process, asleep) {
      figures.pauses += 1;
      process.pausedAt = now;
      process.isAsleep = asleep;
    },
    resume(process) {
      if (process.pausedAt === null) return;
      if (process.isAsleep) process.sleptMs += now - process.pausedAt;
      process.pausedAt = null;
      process.isAsleep = false;
      for (const happening of process.frozen.splice(0)) {
        push(heap, { ...happening, at: Math.max(now, happening.at) + random.between(0, 3) });
      }
    },

    async play(isOver, untilMs) {
      while (!isOver()) {
        const next = heap[0];
        if (next === undefined || next.at > untilMs) return false;
        pop(heap);
        now = Math.max(now, next.at);
        const { of } = next;
        if (of !== null && (!of.alive || of.pausedAt !== null)) {
          const isGone = next.isOnTheWire && random.chance(0.5);
          if (!isGone) {
            if (of.alive) of.frozen.push(next);
            continue;
          }
        }
        figures.steps += 1;
        running = of;
        next.act();
        // Microtasks run to their end before this: the process has come to its next call.
        await new Promise((resolve) => setImmediate(resolve));
        running = null;
      }
      return true;
    },
  };
  return world;
}

/** The connection to a store is lost; what was asked may have happened. */
class BrokenConnection extends Error {
  override readonly name = 'BrokenConnection';
  readonly code = 'ECONNRESET';

  constructor() {
    super('Connection terminated unexpectedly');
  }
}

function latency(random: Random): number {
  return random.chance(0.05) ? random.between(5, 400) : random.between(0, 5);
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.at !== other.at ? one.at < other.at : one.lot < other.lot;
}

function push(heap: Happening[], happening: Happening): void {
  let index = heap.push(happening) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(happening, heap[parent] as Happening)) break;
    heap[index] = heap[parent] as Happening;
    index = parent;
  }
  heap[index] = happening;
}

function pop(heap: Happening[]): Happening | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Happening, heap[child] as Happening)) child += 1;
    if (!isBefore(heap[child] as Happening, last)) break;
    heap[index] = heap[child] as Happening;
    index = child;
  }
  heap[index] = last;
  return first;
}

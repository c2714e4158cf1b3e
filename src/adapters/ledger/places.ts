/** How long this process may go on without the ledger's word, how often it asks, and how often while it wants more or has to give back. */
export interface PlaceTiming {
  readonly leaseMs: number;
  readonly everyMs: number;
  readonly hungryMs: number;
}

export const placeTiming: PlaceTiming = { leaseMs: 5_000, everyMs: 500, hungryMs: 100 };

/** What the ledger has answered: places that are held, and the share of them that calls may begin on. */
export interface Lease {
  readonly places: number;
  readonly share: number;
}

export interface Places {
  /**
   * Enters, waiting in order of arrival: as many as there are places, and a few ahead of theirs while calls are quick.
   * Aborting throws the signal's reason; a lease that fails is thrown.
   */
  enter(signal: AbortSignal): Promise<void>;
  /** Takes a place, of those that have entered, in order of arrival. False: none was free within this time, or the signal was aborted. */
  begin(withinMs: number, signal: AbortSignal): Promise<boolean>;
  /** One that had entered leaves; its place, if it had taken one, is free. `calledMs`: for so long it had it. */
  leave(calledMs: number | null): void;
  /** Is what was leased still ours? Not after the process or the ledger has slept. */
  isLeased(): boolean;
  /** Gives everything back. Whoever waits still is told so. */
  close(): Promise<void>;
}

interface Waiting {
  readonly enter: () => void;
  readonly fail: (error: unknown) => void;
}

/** Of the places, so many may enter ahead of theirs: what an intent takes of a call's time. */
const aheadShare = 0.25;
const weightOfNewest = 0.1;

/**
 * The calls that this process may have under way, leased from the ledger for a few seconds at a time: a busy process asks
 * twice a second, whatever it calls, an idle one has given everything back. Never more at once than `lease` has answered;
 * while it is asked, no more than when the asking began, since it may answer fewer. Who has entered ahead waits for a place
 * with its intent written, so none does before it is known that calls are quick.
 */
export function createPlaces(
  limit: number,
  lease: (wish: { readonly underWay: number; readonly wants: number }) => Promise<Lease>,
  /** Calls that take no longer than `quickMs` on average are quick. */
  timing: PlaceTiming & { readonly quickMs: number },
): Places {
  const waiting: Waiting[] = [];
  const beginning: (() => void)[] = [];
  let mine: Lease = { places: 0, share: 0 };
  let entered = 0;
  let underWay = 0;
  let meanMs = Infinity;
  let mostWanted = 0;
  let leasedAt: Moment | null = null;
  let ceiling = Infinity;
  let asking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const isLeased = (): boolean => leasedAt !== null && ageOf(leasedAt) < timing.leaseMs;
  const usable = (): number => (isLeased() ? Math.min(mine.places, mine.share, ceiling) : 0);
  const ahead = (places: number): number => (meanMs <= timing.quickMs ? Math.ceil(places * aheadShare) : 0);

  function isRoom(): boolean {
    const places = usable();
    return entered < places + ahead(places);
  }

  function letIn(): void {
    while (beginning.length > 0 && underWay < usable()) {
      underWay += 1;
      beginning.shift()?.();
    }
    while (waiting.length > 0 && isRoom()) {
      entered += 1;
      waiting.shift()?.enter();
    }
  }

  function noteCall(ms: number): void {
    meanMs = Number.isFinite(meanMs) ? meanMs + (ms - meanMs) * weightOfNewest : ms;
  }

  async function ask(): Promise<void> {
    clearTimeout(timer);
    const wants = isClosed ? 0 : Math.max(mostWanted, entered + waiting.length);
    mostWanted = entered + waiting.length;
    ceiling = underWay;
    const asked = now();
    try {
      mine = await lease({ underWay, wants });
      leasedAt = asked;
    } catch (error) {
      // It may have been written all the same, and then no lower than this.
      mine = { ...mine, places: Math.min(mine.places, ceiling) };
      for (const { fail } of waiting.splice(0)) fail(error);
    } finally {
      ceiling = Infinity;
    }
    letIn();
    if (!isClosed && (mine.places > 0 || entered > 0 || waiting.length > 0)) askLater();
  }

  function askLater(): void {
    // It wants more, or has some to give back.
    const isUnsettled = mine.places > mine.share || (waiting.length > 0 && mine.places < limit);
    // Not in step with the others: who asks at the same moment has to ask twice.
    const everyMs = (isUnsettled ? timing.hungryMs : timing.everyMs) * (0.75 + Math.random() / 2);
    timer = setTimeout(askNow, everyMs);
    timer.unref();
  }

  function askNow(): void {
    asking ??= ask().finally(() => (asking = null));
  }

  return {
    isLeased,
    async enter(signal) {
      signal.throwIfAborted();
      if (isClosed) throw new Error('the gate is closed');
      if (waiting.length === 0 && isRoom()) {
        entered += 1;
        if (entered > mostWanted) mostWanted = entered;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const done = (act: () => void): void => {
          signal.removeEventListener('abort', giveUp);
          act();
        };
        const entry: Waiting = { enter: () => done(resolve), fail: (error) => done(() => reject(error as Error)) };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(signal.reason as Error);
        };
        waiting.push(entry);
        signal.addEventListener('abort', giveUp, { once: true });
        if (!isLeased() || mine.places === 0) askNow();
        else if (waiting.length === 1 && asking === null) {
          clearTimeout(timer);
          askLater();
        }
      });
    },
    async begin(withinMs, signal) {
      if (signal.aborted) return false;
      if (beginning.length === 0 && underWay < usable()) {
        underWay += 1;
        return true;
      }
      if (!isLeased()) askNow();
      return new Promise((resolve) => {
        const end = (hasBegun: boolean): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          resolve(hasBegun);
        };
        const begin = (): void => end(true);
        const giveUp = (): void => {
          beginning.splice(beginning.indexOf(begin), 1);
          end(false);
        };
        const timer = setTimeout(() => {
          // What was known of calls holds no longer.
          meanMs = Infinity;
          giveUp();
        }, withinMs);
        signal.addEventListener('abort', giveUp, { once: true });
        beginning.push(begin);
      });
    },
    leave(calledMs) {
      entered -= 1;
      if (calledMs !== null) {
        underWay -= 1;
        noteCall(calledMs);
      }
      letIn();
      if (waiting.length + beginning.length > 0 && !isLeased()) askNow();
    },
    async close() {
      isClosed = true;
      for (const { fail } of waiting.splice(0)) fail(new Error('the gate is closed'));
      await asking;
      await ask().catch(() => undefined);
    },
  };
}

interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

function now(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

/** By the larger of two clocks: a machine that sleeps stops the monotonic one. */
function ageOf({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}

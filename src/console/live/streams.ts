import { PassThrough } from 'node:stream';
import type { LiveParts } from './live-part.ts';

/** One page that somebody has open. */
export interface Listener {
  /** Makes its parts of what was read: they differ by who may do what. */
  render(read: unknown): LiveParts;
  /** May it still see them? Asked now and then. */
  isLetIn(): Promise<boolean>;
}

export interface Streams {
  /** A stream of events for one page. Null: there are too many already. */
  open(topic: string, read: () => Promise<unknown>, listener: Listener): PassThrough | null;
  close(): void;
}

interface Open extends Listener {
  readonly stream: PassThrough;
  readonly opened: number;
  readonly shown: Map<string, string>;
  nextCheck: number;
}

export interface Pace {
  readonly everyMs: number;
  /** So long a page is kept live: whoever is not there any more must not stay logged in by it. */
  readonly mostMs: number;
  readonly checkMs: number;
  readonly most: number;
}

/** Of production. */
export const livePace: Pace = { everyMs: 2_000, mostMs: 20 * 60_000, checkMs: 15_000, most: 100 };

/**
 * Events for pages that are open. Each topic is read once for all that look at it, and what has changed for a page is sent
 * to it; while nobody looks, nothing is read. What could not be read is read again at the next turn.
 */
export function createStreams(monotonicMs: () => number, pace: Pace = livePace): Streams {
  const topics = new Map<string, Set<Open>>();
  const timers = new Set<NodeJS.Timeout>();

  function run(topic: string, read: () => Promise<unknown>): void {
    const all = topics.get(topic);
    if (all === undefined) return;
    if (all.size === 0) return void topics.delete(topic);
    const turn = async (): Promise<void> => {
      try {
        const what = await read();
        await Promise.all([...all].map((one) => tell(one, what)));
      } catch {
        // The page says by itself that it hears nothing.
      }
    };
    void turn().finally(() => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        run(topic, read);
      }, pace.everyMs);
      timers.add(timer);
    });
  }

  async function tell(one: Open, what: unknown): Promise<void> {
    const now = monotonicMs();
    if (now >= one.nextCheck) {
      one.nextCheck = now + pace.checkMs;
      if (now - one.opened > pace.mostMs || !(await one.isLetIn()))
        return void one.stream.end('event: over\ndata: {}\n\n');
    }
    // Who does not read gets no more until they do.
    if (one.stream.writableNeedDrain || one.stream.destroyed) return;
    const parts = one.render(what);
    const changed: Record<string, string> = {};
    for (const [name, part] of Object.entries(parts)) {
      const text = String(await part);
      if (one.shown.get(name) === text) continue;
      one.shown.set(name, text);
      changed[name] = text;
    }
    one.stream.write(`event: parts\ndata: ${JSON.stringify(changed)}\n\n`);
  }

  return {
    open(topic, read, listener) {
      const count = [...topics.values()].reduce((sum, all) => sum + all.size, 0);
      if (count >= pace.most) return null;
      const stream = new PassThrough();
      const now = monotonicMs();
      const one: Open = { ...listener, stream, opened: now, shown: new Map(), nextCheck: now + pace.checkMs };
      const all = topics.get(topic) ?? new Set();
      const isFirst = !topics.has(topic);
      topics.set(topic, all.add(one));
      stream.on('close', () => all.delete(one)).on('error', () => all.delete(one));
      stream.write('retry: 3000\n\n');
      if (isFirst) run(topic, read);
      return stream;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const all of topics.values()) for (const { stream } of all) stream.destroy();
      topics.clear();
    },
  };
}

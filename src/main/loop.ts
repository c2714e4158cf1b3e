import { setTimeout as pause } from 'node:timers/promises';

export interface Loop {
  /** Ends the loop after the turn that is running. Idempotent. */
  stop(): Promise<void>;
}

/** Runs `turn` again and again with a pause between. A turn that fails is reported and followed by the next: the world may be back by then. */
export function startLoop(everyMs: number, turn: () => Promise<unknown>, onError: (error: unknown) => void): Loop {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await turn();
      } catch (error) {
        onError(error);
      }
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

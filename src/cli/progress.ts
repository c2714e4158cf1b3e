import { SingleBar } from 'cli-progress';
import type { Output } from './cli.ts';

export interface Progress {
  show(done: number, total: number): void;
  stop(): void;
}

/** A bar on a terminal; elsewhere a plain line whenever a tenth more is done. */
export function createProgress(out: Output, label: string, unit = 'rows'): Progress {
  return out.isTerminal ? bar(label, unit) : lines(out, label, unit);
}

function bar(label: string, unit: string): Progress {
  const single = new SingleBar({
    format: `${label} [{bar}] {value}/{total} ${unit}`,
    barsize: 30,
    hideCursor: true,
    clearOnComplete: false,
  });
  let isStarted = false;
  return {
    show(done, total) {
      if (!isStarted) single.start(total, done);
      isStarted = true;
      single.setTotal(total);
      single.update(done);
    },
    stop: () => single.stop(),
  };
}

function lines(out: Output, label: string, unit: string): Progress {
  let saidTenth = -1;
  return {
    show(done, total) {
      const tenth = total === 0 ? 0 : Math.floor((done / total) * 10);
      if (tenth > saidTenth) out.note(`${label}: ${done} of ${total} ${unit}`);
      saidTenth = Math.max(saidTenth, tenth);
    },
    stop: () => undefined,
  };
}

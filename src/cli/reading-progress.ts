import { SingleBar } from 'cli-progress';
import type { Output } from './cli.ts';

// A small file is read before anybody wonders.
const silentRows = 50_000;

/** How far a file has been read: a bar on a terminal; elsewhere a line whenever a tenth more is read. */
export interface ReadingProgress {
  /** `next` is the byte at which reading goes on; null where the encoding doesn't say. */
  seen(record: { readonly next: number | null }): void;
  stop(): void;
}

export function createReadingProgress(out: Output, bytes: number): ReadingProgress {
  const show = out.isTerminal ? bar(bytes) : lines(out, bytes);
  let rows = 0;
  return {
    seen({ next }) {
      rows++;
      if (rows % silentRows === 0) show.at(rows, next);
    },
    stop: () => show.stop(),
  };
}

interface Shown {
  at(rows: number, next: number | null): void;
  stop(): void;
}

function bar(bytes: number): Shown {
  const single = new SingleBar({ format: 'reading [{bar}] {rows} rows', barsize: 30, hideCursor: true });
  let isStarted = false;
  return {
    at(rows, next) {
      if (!isStarted) single.start(bytes, 0, { rows });
      isStarted = true;
      single.update(next ?? 0, { rows });
    },
    stop: () => single.stop(),
  };
}

function lines(out: Output, bytes: number): Shown {
  let saidTenth = 0;
  return {
    at(rows, next) {
      const tenth = next === null ? saidTenth + 1 : Math.floor((next / bytes) * 10);
      if (tenth > saidTenth) out.note(`reading: ${rows} rows${next === null ? '' : `, ${tenth * 10} %`}`);
      saidTenth = tenth;
    },
    stop: () => undefined,
  };
}

import type { Clock } from './ports.ts';
import type { Log } from './ports/log.ts';
import { retireFiles, type RetireFilesPorts } from './retire-files.ts';
import { retireRows } from './retire-rows.ts';
import { sealPlainFiles, type SealPlainPorts } from './seal-plain-files.ts';

type RetainingPorts = RetireFilesPorts &
  SealPlainPorts & { readonly instance: string; readonly log: Pick<Log, 'event'> };

/** Nothing becomes past its time from one minute to the next. */
const restMs = 10 * 60_000;
const filesRestMs = 60 * 60_000;
const turnMs = 100;
/** While there is something to take it rests so many times as long as it took: a tenth of a process at most. */
const restFactor = 9;

/**
 * What is past its time: the leader takes rows and keys, a little at a time, and every host with an archive its files. What
 * it finds plain there it seals.
 */
export function createRetaining(
  ports: RetainingPorts,
  clock: Pick<Clock, 'monotonicMs'>,
): { readonly rows: { tick(): Promise<void> }; readonly files: { tick(): Promise<void> } } {
  const { instance, log } = ports;
  let rowsRestUntil = -Infinity;
  let filesRestUntil = -Infinity;
  return {
    rows: {
      async tick() {
        const started = clock.monotonicMs();
        if (started < rowsRestUntil) return;
        rowsRestUntil = started + restMs;
        const goesOn = (): boolean => clock.monotonicMs() - started < turnMs;
        const { rows, keys, isAtEnd } = await retireRows(ports, instance, { goesOn });
        if (rows > 0 || keys > 0) log.event('rowsRetired', { rows, keys });
        const ended = clock.monotonicMs();
        if (!isAtEnd) rowsRestUntil = ended + (ended - started) * restFactor;
      },
    },
    files: {
      async tick() {
        const started = clock.monotonicMs();
        if (started < filesRestUntil) return;
        filesRestUntil = started + filesRestMs;
        const sealing = await sealPlainFiles(ports);
        const { bytes, results, failed } = await retireFiles(ports, instance);
        if (bytes > 0 || results > 0) log.event('filesRetired', { files: bytes, results });
        const [code] = [...sealing.failed, ...failed];
        if (code !== undefined)
          log.event('keptFilesStuck', { notSealed: sealing.failed.length, notRemoved: failed.length, code });
      },
    },
  };
}

import { hostname } from 'node:os';
import { createLog } from '../adapters/log/pino-log.ts';
import type { Running } from '../cli/service.ts';
import type { Config } from '../config/config.ts';
import { aboutThisProcess, instanceId } from './instance-id.ts';
import { startLoop } from './loop.ts';
import { openConsole } from './open-console.ts';
import { openLedger } from './open-ledger.ts';
import { systemClock } from './system-clock.ts';
import { watchKey } from './watch-key.ts';

const heartbeatMs = 5_000;
const reloadMs = 5_000;
const keyLookMs = 10_000;

/** The console in a process of its own: no work is done here, no API and no queue is needed. */
export async function startConsoleAlone(config: Config): Promise<Running> {
  const opened = await openLedger(config);
  const log = createLog({ level: config.logLevel });
  const { ledger, partners, surroundings } = opened;
  const instance = instanceId(systemClock.newId());
  try {
    const console = await openConsole(config, { opened, log, board: null });
    await ledger.enrol({
      id: instance,
      host: hostname(),
      pid: process.pid,
      roles: ['console'],
      about: aboutThisProcess(),
    });
    const onError = (): void => log.event('ledgerUnreachable', { code: 'console' });
    const keyWatch = watchKey({ ...opened, log }, instance);
    const loops = [
      startLoop(heartbeatMs, () => ledger.heartbeat(instance), onError),
      startLoop(reloadMs, async () => partners.reload(), onError),
      startLoop(keyLookMs, () => keyWatch.look(), onError),
    ];
    let stopped: Promise<{ drained: boolean }> | null = null;
    async function stop(): Promise<{ drained: boolean }> {
      await console.close();
      await Promise.all(loops.map((loop) => loop.stop()));
      await ledger.drained(instance).catch(() => undefined);
      await opened.close();
      return { drained: true };
    }
    return {
      surroundings,
      consoleUrl: console.url,
      warnings: config.warnings,
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

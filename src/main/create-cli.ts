import { userInfo } from 'node:os';
import type { Cli, ExitCode, Output } from '../cli/cli.ts';
import type { Config } from '../config/config.ts';
import { checkout } from './checkout.ts';

/** The command line's ways to open things. Heavy modules are loaded when a command asks for them. */
export function createCli(out: Output): Cli {
  const readConfig = async (): Promise<Config> => {
    const { readProcessEnvironment } = await import('../config/environment.ts');
    return readProcessEnvironment({ checkout });
  };
  return {
    out,
    actor: `cli:${userInfo().username}`,
    async openLedger() {
      const { openLedger } = await import('./open-ledger.ts');
      return openLedger(await readConfig());
    },
    async startService(options) {
      const { startService } = await import('./service.ts');
      return startService(await readConfig(), options);
    },
    async startConsole() {
      const { startConsoleAlone } = await import('./console-alone.ts');
      return startConsoleAlone(await readConfig());
    },
    untilToldToStop,
    end(code: ExitCode, says?: string) {
      if (says !== undefined) out.note(says);
      process.exitCode = code;
    },
  };
}

/** The second signal is not caught: a person who presses Ctrl-C twice means it. */
function untilToldToStop(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve(signal));
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ownCli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));

export const thisCheckout = ownCli;

export interface LeadsyncProcess {
  readonly child: ChildProcess;
  /** Everything written so far, both streams. */
  output(): string;
  /** Standard output alone. */
  stdout(): string;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves when the output holds this; rejects with the output when the process ends before that. */
  says(words: string): Promise<void>;
  /** Resolves when a service says where it works; rejects with its output when it ends before that. */
  ready(): Promise<void>;
  readonly exited: Promise<number | null>;
}

/** Starts `leadsync` the way a service does: the pinned node, this checkout's cli (or a copy's), and nothing of our environment but what is given. */
export function startLeadsync(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cli = ownCli,
  /** On standard input. */
  typed = '',
): LeadsyncProcess {
  const child = spawn(process.execPath, [cli, ...args], {
    // Consoles of tests that run side by side keep out of each other's way.
    env: { PATH: process.env['PATH'] ?? '', CONSOLE_PORT: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // One that ends without reading it is no fault of the test's.
  child.stdin.on('error', () => undefined);
  child.stdin.end(typed);
  const news = new EventEmitter();
  let all = '';
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    all += chunk.toString();
    out += chunk.toString();
    news.emit('more');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    all += chunk.toString();
    news.emit('more');
  });
  const exited = once(child, 'close').then(() => child.exitCode);
  async function says(words: string): Promise<void> {
    const hasEnded = exited.then(() => true);
    while (!all.includes(words)) {
      const more = once(news, 'more').then(() => false);
      if (await Promise.race([hasEnded, more])) throw new Error(`leadsync ${args.join(' ')} ended:\n${all}`);
    }
  }
  return {
    child,
    output: () => all,
    stdout: () => out,
    exited,
    says,
    ready: () => says('\napi '),
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs one command to its end. */
export async function runLeadsync(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cli = ownCli,
  typed = '',
): Promise<{ readonly code: number | null; readonly output: string; readonly stdout: string }> {
  const started = startLeadsync(args, env, cli, typed);
  const code = await started.exited;
  return { code, output: started.output(), stdout: started.stdout() };
}

import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { Output } from './cli.ts';

type Out = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** Where commands write and ask. Each text is ended with a line break. A reader that went away (`| head`) is no fault. */
export function createOutput(stdout: Out, stderr: Out, stdin: Readable & { readonly isTTY?: boolean }): Output {
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  return {
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    get width() {
      return stdout.columns ?? 80;
    },
    isTerminal: stdout.isTTY === true,
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr, terminal: false });
      if (stdin.isTTY === true) stderr.write(`${question} `);
      try {
        // Ctrl-D or an empty pipe answers nothing.
        for await (const line of lines) return line.trim();
        return '';
      } finally {
        lines.close();
      }
    },
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Output } from './cli.ts';
import { readHidden } from './read-hidden.ts';

type Out = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

type In = Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;

/** Where commands write and ask. Each text is ended with a line break. A reader that went away (`| head`) is no fault. */
export function createOutput(stdout: Out, stderr: Out, stdin: In): Output {
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  async function ask(question: string): Promise<string> {
    const lines = createInterface({ input: stdin, output: stderr, terminal: false });
    if (stdin.isTTY === true) stderr.write(`${question} `);
    try {
      // Ctrl-D or an empty pipe answers nothing.
      for await (const line of lines) return line.trim();
      return '';
    } finally {
      lines.close();
    }
  }
  return {
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    get width() {
      return stdout.columns ?? 80;
    },
    isTerminal: stdout.isTTY === true,
    ask,
    async askNewSecret(question) {
      if (stdin.isTTY !== true) return ask(question);
      const first = await readHidden(question, stdin, stderr);
      return first === (await readHidden('Again:', stdin, stderr)) ? first : null;
    },
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

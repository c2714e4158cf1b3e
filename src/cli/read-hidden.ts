import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream } from 'node:tty';

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const backspaces = new Set(['\b', '\u007f']);

/** Reads a line from a terminal without showing it. Ctrl-C ends the process, as it does elsewhere. */
export async function readHidden(
  question: string,
  stdin: Readable & Partial<Pick<ReadStream, 'setRawMode'>>,
  stderr: NodeJS.WritableStream,
): Promise<string> {
  stderr.write(`${question} `);
  stdin.setRawMode?.(true);
  const decoder = new StringDecoder('utf8');
  const typed: string[] = [];
  try {
    await new Promise<void>((resolve) => {
      const take = (chunk: Buffer): void => {
        for (const character of decoder.write(chunk)) {
          if (character === ctrlC) process.kill(process.pid, 'SIGINT');
          if (backspaces.has(character)) typed.pop();
          else if (![ctrlC, ctrlD, '\r', '\n'].includes(character)) typed.push(character);
          else {
            stdin.off('data', take);
            resolve();
            return;
          }
        }
      };
      stdin.on('data', take);
      stdin.resume();
    });
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    stderr.write('\n');
  }
  return typed.join('');
}

import { open } from 'node:fs/promises';

/** The last non-empty line of a log that matches, or the last line at all; '' if there is no log. For fault messages. */
export async function lastWords(logPath: string, matching: RegExp): Promise<string> {
  const log = await open(logPath, 'r').catch(() => null);
  if (log === null) return '';
  try {
    const { size } = await log.stat();
    const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(4096), position: Math.max(0, size - 4096) });
    const lines = buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .filter((line) => line.trim() !== '');
    return (lines.findLast((line) => matching.test(line)) ?? lines.at(-1) ?? '').trim();
  } finally {
    await log.close();
  }
}

import { existsSync } from 'node:fs';
import { open, rename, utimes, type FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { leadsCsv } from './leads-file.ts';

/**
 * A partner's program, as they are: `writer.ts MANNER PATH ROWS PREFIX`. Its pauses are its pace, so that it is in the
 * middle of its work when it is looked at.
 */
const [manner = '', path = '', rows = '0', prefix = ''] = process.argv.slice(2);
const paceMs = 100;
const text = Buffer.from(leadsCsv(Number(rows), prefix));
const half = text.length / 2;
const long = new Date('2020-01-01');

async function writeSlowly(file: FileHandle, after: () => Promise<void> = async () => undefined): Promise<void> {
  const step = Math.ceil(text.length / 20);
  for (let at = 0; at < text.length; at += step) {
    await file.write(text.subarray(at, at + step), 0, undefined, at);
    await after();
    await pause(paceMs);
  }
}

switch (manner) {
  case 'appends slowly': {
    await using file = await open(path, 'w');
    await writeSlowly(file);
    break;
  }
  case 'allocates, then fills': {
    await using file = await open(path, 'w');
    await file.truncate(text.length);
    await writeSlowly(file);
    break;
  }
  case 'renames into place': {
    {
      await using file = await open(`${path}.part`, 'w');
      await writeSlowly(file);
    }
    await rename(`${path}.part`, path);
    break;
  }
  case 'keeps the time of an old original': {
    await using file = await open(path, 'w');
    await writeSlowly(file, () => utimes(path, long, long));
    break;
  }
  case 'pauses for too long in the middle': {
    await using file = await open(path, 'w');
    // At the end of a line: nothing betrays that there is more to come.
    const cut = text.indexOf('\n', half) + 1;
    await file.write(text.subarray(0, cut));
    while (existsSync(path)) await pause(10);
    await pause(paceMs);
    await file.write(text.subarray(cut), 0, undefined, cut);
    break;
  }
  case 'writes over it once it is taken': {
    await using file = await open(path, 'w');
    await file.write(Buffer.from(leadsCsv(Number(rows), `OLD-${prefix}`)));
    while (existsSync(path)) await pause(1);
    await file.truncate(0);
    await writeSlowly(file);
    break;
  }
  default:
    throw new Error(`no such manner: ${manner}`);
}

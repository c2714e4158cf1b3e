import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json: the default home and the fixtures are found from here, never from the current folder. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url));

export const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWebhookSecret } from './webhook-url.ts';

/**
 * The secrets in a file beside the partner configs, the newest first, read anew for each message: who changes one starts
 * nothing again. Empty where the file can't be read or holds something else.
 */
export function readWebhookSecrets(folder: string, name: string): readonly string[] {
  try {
    const lines = readFileSync(join(folder, name), 'utf8').split(/\r?\n/);
    const secrets = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
    return secrets.length <= 2 && secrets.every(isWebhookSecret) ? secrets : [];
  } catch {
    return [];
  }
}

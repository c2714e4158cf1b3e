import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sayOpenMode } from './private-file.ts';
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

/**
 * What is said of such a file to whoever runs leadsync. Null: nothing. A mode that lets others read it is told and not
 * refused: container platforms mount secrets 0444 in a place of the container's own, and who signs with one that others know
 * is still better off than who posts nothing.
 */
export function judgeWebhookSecrets(
  folder: string,
  name: string,
): { readonly isUsable: boolean; readonly says: string } | null {
  const path = join(folder, name);
  if (readWebhookSecrets(folder, name).length === 0)
    return { isUsable: false, says: `${path}: expected one secret, or two, whsec_…, a line each; nothing is posted` };
  const mode = sayOpenMode(statSync(path).mode);
  if (mode === null) return null;
  return {
    isUsable: true,
    says: `${path}: expected a file that only its owner can read, got ${mode}; whoever reads it can post in leadsync's name`,
  };
}

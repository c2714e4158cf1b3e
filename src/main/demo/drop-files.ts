import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface DemoFile {
  readonly partner: string;
  /** Below fixtures/. */
  readonly fixture: string;
}

/** The first day, and what comes after it: the CRM's next export, and what became of the leads. */
export const firstFiles: readonly DemoFile[] = [
  { partner: 'acme', fixture: 'acme/hubspot-leads.csv' },
  { partner: 'norte', fixture: 'norte/leads-excel-1252.csv' },
  { partner: 'brisa', fixture: 'brisa/meta-lead-ads-utf16.csv' },
];
export const laterFiles: readonly DemoFile[] = [
  { partner: 'acme', fixture: 'acme/hubspot-leads-next-day.csv' },
  { partner: 'norte', fixture: 'norte/updates-estado.csv' },
];

/** Drops a fixture the way a careful partner does: under a temporary name, then renamed. Answers its path. */
export async function dropFile(checkout: string, inbox: string, file: DemoFile): Promise<string> {
  const folder = join(inbox, file.partner);
  const name = basename(file.fixture);
  await mkdir(folder, { recursive: true });
  await copyFile(join(checkout, 'fixtures', file.fixture), join(folder, `.${name}.part`));
  await rename(join(folder, `.${name}.part`), join(folder, name));
  return join(folder, name);
}

/** Stands for the night: the schedule is a real one, with a cron expression of seconds. */
const nightInTheDemo = '*/5 * * * * *';

/** The example partners. Brisa's night falls every five seconds. */
export async function writePartners(checkout: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const partner of ['acme', 'norte', 'brisa']) {
    const yaml = await readFile(join(checkout, 'fixtures', 'partners', `${partner}.yaml`), 'utf8');
    const text = yaml.replace(/cron: "[^"]*"/, `cron: "${nightInTheDemo}"`);
    await writeFile(join(folder, `${partner}.yaml.part`), text);
    await rename(join(folder, `${partner}.yaml.part`), join(folder, `${partner}.yaml`));
  }
}

import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { csvRecordReader } from '../adapters/csv/csv-record-reader.ts';
import type { PartnerDesk } from '../cli/partner-desk.ts';
import type { Config } from '../config/config.ts';
import { writePartnerDraft } from '../config/partner-draft.ts';
import { isPartnerId, readPartnerFolder } from '../config/partner-folder.ts';
import { partnerJsonSchema } from '../config/partner-json-schema.ts';
import { checkout } from './checkout.ts';
import { contractInForce } from './contract-of.ts';

/** Opens the folder of the partner configs, and nothing else: no ledger, no queue, no API. */
export function openPartnerDesk(config: Config): PartnerDesk {
  const folder = config.folders.partners;
  const { leadFields } = contractInForce(config);
  const pathOf = (id: string): string => join(folder, `${id}.yaml`);
  return {
    folder,
    timeZone: config.timeZone,
    rules: leadFields,
    records: csvRecordReader,
    configs: () => (existsSync(folder) ? readPartnerFolder(folder, { leadFields, timeZone: config.timeZone }) : []),
    isPartnerId,
    draft: (source) => writePartnerDraft({ ...source, schema: schemaSeenFrom(folder) }),
    pathOf,
    async write(id, text, { replace }) {
      await mkdir(folder, { recursive: true });
      if (!replace) return writeNew(pathOf(id), text);
      // A running service looks at the folder at any time: it must not see half of what was whole.
      const draft = join(folder, `.${id}.yaml.${process.pid}`);
      await writeFile(draft, text);
      await rename(draft, pathOf(id));
      return true;
    },
    schema: () => partnerJsonSchema(leadFields),
  };
}

async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Editors take it relative to the config, with slashes on every system. */
function schemaSeenFrom(folder: string): string {
  const path = relative(folder, join(checkout, 'docs/partner.schema.json'));
  return isAbsolute(path) ? path : path.split(sep).join('/');
}

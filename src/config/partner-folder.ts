import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigFault } from '../domain/config-fault.ts';
import type { Partner } from '../domain/partner.ts';
import { parsePartner, type PartnerOptions } from './partner-yaml.ts';

// It becomes a folder, a file and a key of the ledger.
const idShape = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export function isPartnerId(id: string): boolean {
  return idShape.test(id);
}

/** One config as it stands in the folder now. */
export interface PartnerFile {
  readonly id: string;
  /** Of the file, without its folder. */
  readonly name: string;
  readonly read: { readonly partner: Partner } | { readonly fault: ConfigFault };
}

/** Reads every config of the folder, by name. Throws a ConfigFault when the folder can't be seen. */
export function readPartnerFolder(folder: string, options: PartnerOptions): readonly PartnerFile[] {
  return namesIn(folder).map((name) => {
    const id = name.replace(/\.ya?ml$/i, '');
    return { id, name, read: readOne(id, name, folder, options) };
  });
}

function readOne(id: string, name: string, folder: string, options: PartnerOptions): PartnerFile['read'] {
  try {
    if (!isPartnerId(id) || name !== `${id}.yaml`) {
      const rule = 'a name of a-z, 0-9, _ and - that ends in .yaml';
      throw new ConfigFault('CONFIG_PARTNER_INVALID', `${name}: expected ${rule}, got ${JSON.stringify(name)}`);
    }
    return { partner: parsePartner(id, readText(name, folder), (table) => readTable(table, folder), options) };
  } catch (error) {
    if (error instanceof ConfigFault) return { fault: error };
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
      .sort();
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? 'an error';
    const message = `${folder}: expected a folder with partner configs, got ${got}`;
    throw new ConfigFault('CONFIG_PARTNER_INVALID', message, { cause: error });
  }
}

function readText(name: string, folder: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? 'an error';
    throw new ConfigFault('CONFIG_PARTNER_INVALID', `${name}: expected a file that can be read, got ${got}`, {
      cause: error,
    });
  }
}

function readTable(name: string, folder: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return null;
  }
}

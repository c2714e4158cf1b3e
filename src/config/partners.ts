import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigFault } from '../domain/config-fault.ts';
import type { Partner } from '../domain/partner.ts';
import { parsePartner } from './partner-yaml.ts';

/** The partner configs in force. */
export interface Partners {
  get(id: string): Partner | null;
  /** By id. */
  list(): readonly Partner[];
  /**
   * Looks at the folder again. A config that is not valid leaves its last valid one in force; one that was taken away is
   * gone. Answers what is wrong now, a fault a file.
   */
  reload(): { readonly faults: readonly ConfigFault[] };
}

// It becomes a folder, a file and a key of the ledger.
const idShape = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Reads the folder once; `reload` answers what was wrong with it. */
export function createPartners(folder: string, options?: { readonly timeZone: string }): Partners {
  let inForce: ReadonlyMap<string, Partner> = new Map();

  function load(): readonly ConfigFault[] {
    const names = namesIn(folder);
    // A folder that can't be seen says nothing about its partners: a lost mount must not take them away.
    if (names instanceof ConfigFault) return [names];
    const faults: ConfigFault[] = [];
    const next = new Map<string, Partner>();
    for (const name of names) {
      const id = name.replace(/\.ya?ml$/i, '');
      try {
        next.set(id, read(id, name));
      } catch (error) {
        if (!(error instanceof ConfigFault)) throw error;
        faults.push(error);
        const last = inForce.get(id);
        if (last !== undefined && !next.has(id)) next.set(id, last);
      }
    }
    inForce = next;
    return faults;
  }

  function read(id: string, name: string): Partner {
    if (!idShape.test(id) || name !== `${id}.yaml`) {
      const rule = 'a name of a-z, 0-9, _ and - that ends in .yaml';
      throw new ConfigFault('CONFIG_PARTNER_INVALID', `${name}: expected ${rule}, got ${JSON.stringify(name)}`);
    }
    return parsePartner(id, readText(name, folder), (table) => readTable(table, folder), options);
  }

  load();
  return {
    get: (id) => inForce.get(id) ?? null,
    list: () => [...inForce.values()],
    reload: () => ({ faults: load() }),
  };
}

function namesIn(folder: string): readonly string[] | ConfigFault {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
      .sort();
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? 'an error';
    const message = `${folder}: expected a folder with partner configs, got ${got}`;
    return new ConfigFault('CONFIG_PARTNER_INVALID', message, { cause: error });
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

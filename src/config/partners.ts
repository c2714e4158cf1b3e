import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigFault } from '../domain/config-fault.ts';
import type { Partner } from '../domain/partner.ts';
import { parsePartner } from './partner-yaml.ts';

/** The partner configs in force. */
export interface PartnerConfigs {
  get(id: string): Partner | null;
  list(): readonly Partner[];
  /** Reads the folder again. An invalid edit leaves the last valid one in force and is answered as a fault. */
  reload(): readonly ConfigFault[];
}

/** Reads partners/<id>.yaml. Configs that are invalid from the start are faults of the first `reload()`. */
export function createPartners(folder: string, timeZone: string): PartnerConfigs {
  mkdirSync(folder, { recursive: true });
  let inForce = new Map<string, Partner>();

  function readOne(name: string): Partner {
    const path = join(folder, name);
    return parsePartner(name.replace(/\.ya?ml$/, ''), readFileSync(path, 'utf8'), {
      timeZone,
      readTable: (table) => readBeside(folder, name, table),
    });
  }

  return {
    get: (id) => inForce.get(id) ?? null,
    list: () => [...inForce.values()],
    reload() {
      const faults: ConfigFault[] = [];
      const next = new Map<string, Partner>();
      for (const name of readdirSync(folder).filter((file) => /^[^.].*\.ya?ml$/.test(file)).toSorted()) {
        const id = name.replace(/\.ya?ml$/, '');
        try {
          next.set(id, readOne(name));
        } catch (error) {
          if (!(error instanceof ConfigFault)) throw error;
          faults.push(error);
          const last = inForce.get(id);
          if (last !== undefined) next.set(id, last);
        }
      }
      inForce = next;
      return faults;
    },
  };
}

function readBeside(folder: string, yaml: string, table: string): string {
  try {
    return readFileSync(join(folder, basename(table)), 'utf8');
  } catch (error) {
    throw new ConfigFault('CONFIG_PARTNER_INVALID', `${yaml}: agent.byPostalCode: expected a readable CSV beside the YAML, found none named ${basename(table)}`, { cause: error });
  }
}

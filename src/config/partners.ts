import { ConfigFault } from '../domain/config-fault.ts';
import type { Partner } from '../domain/partner.ts';
import { readPartnerFolder, type PartnerFile } from './partner-folder.ts';
import type { PartnerOptions } from './partner-yaml.ts';

/** The partner configs in force. */
export interface Partners {
  get(id: string): Partner | null;
  /** By id. */
  list(): readonly Partner[];
  /** There is a config of it, and none has been valid so far. */
  isBroken(id: string): boolean;
  /**
   * Looks at the folder again. A config that is not valid leaves its last valid one in force; one that was taken away is
   * gone. Answers what is wrong now, a fault a file.
   */
  reload(): { readonly faults: readonly ConfigFault[] };
}

/** Reads the folder once; `reload` answers what was wrong with it. */
export function createPartners(folder: string, options: PartnerOptions): Partners {
  let inForce: ReadonlyMap<string, Partner> = new Map();
  let broken: ReadonlySet<string> = new Set();

  function load(): readonly ConfigFault[] {
    const files = readFolder();
    // A folder that can't be seen says nothing about its partners: a lost mount must not take them away.
    if (files instanceof ConfigFault) return [files];
    const faults: ConfigFault[] = [];
    const next = new Map<string, Partner>();
    for (const { id, read } of files) {
      if ('partner' in read) {
        next.set(id, read.partner);
        continue;
      }
      faults.push(read.fault);
      const last = inForce.get(id);
      if (last !== undefined && !next.has(id)) next.set(id, last);
    }
    inForce = next;
    broken = new Set(files.map(({ id }) => id).filter((id) => !next.has(id)));
    return faults;
  }

  function readFolder(): readonly PartnerFile[] | ConfigFault {
    try {
      return readPartnerFolder(folder, options);
    } catch (error) {
      if (error instanceof ConfigFault) return error;
      throw error;
    }
  }

  load();
  return {
    get: (id) => inForce.get(id) ?? null,
    list: () => [...inForce.values()],
    isBroken: (id) => broken.has(id),
    reload: () => ({ faults: load() }),
  };
}

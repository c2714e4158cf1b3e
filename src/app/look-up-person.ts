import { writePersonKey, type PersonKey } from '../domain/person-key.ts';
import { findPerson, type FoundPerson } from './find-person.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { RowFilter } from './ports/ledger.ts';
import type { PersonIndex } from './ports/person-index.ts';
import type { Vault } from './ports/vault.ts';

/** Who looks, and by which command or page. */
export interface LookUp {
  readonly actor: string;
  readonly by: string;
}

/** What looking a person up leaves behind. */
export interface LookUpPorts {
  readonly vault: Pick<Vault, 'mac'>;
  readonly auditLog: Pick<AuditLog, 'note'>;
}

/** `findPerson` for somebody who looks: nothing is answered before it is in the audit log. */
export async function lookUpPerson(
  ports: LookUpPorts & { readonly persons: PersonIndex; readonly vault: Vault },
  keys: readonly PersonKey[],
  filter: RowFilter,
  who: LookUp,
): Promise<FoundPerson> {
  const found = await findPerson(ports, keys, filter);
  await noteLookUp(ports, keys, { ...who, rows: found.rows.length });
  return found;
}

/**
 * Says in the audit log that a person was looked up: by a keyed hash of a purpose of its own, so that it tells whether two
 * looked for the same person, and can't be joined with what the ledger finds persons by.
 */
export async function noteLookUp(
  { vault, auditLog }: LookUpPorts,
  keys: readonly PersonKey[],
  { actor, by, rows }: LookUp & { readonly rows: number },
): Promise<void> {
  const persons = keys.map((key) => vault.mac('lookedUp', writePersonKey(key)));
  await auditLog.note({ action: 'person.looked_up', actor, detail: { by, persons, rows } });
}

import { findById } from '../../app/find-by-id.ts';
import { lookUpPerson, type LookUp } from '../../app/look-up-person.ts';
import type { SearchFound } from '../../app/ports/console-searches.ts';
import { readPersonKeys } from '../../domain/person-key.ts';
import type { ConsolePorts } from '../ports.ts';

/** Whoever has more is looked for by something else. */
export const rowsFound = 50;

type SearchPorts = Pick<ConsolePorts, 'audit' | 'ledger' | 'partners' | 'persons' | 'settings' | 'vault'>;

/**
 * The rows that a text names, by a person's value or any id. Answers nothing before the audit log knows of it: of a person
 * by the use case, of an id here.
 */
export async function lookForRows(ports: SearchPorts, text: string, who: LookUp): Promise<SearchFound> {
  const keys = readPersonKeys(text);
  const [byId, person] = await Promise.all([
    findById(ports, text),
    keys.length === 0
      ? { rows: [], unseen: 0 }
      : lookUpPerson({ ...ports, auditLog: ports.audit }, keys, { limit: rowsFound }, who),
  ]);
  if (keys.length === 0)
    await ports.audit.note({
      action: 'console.searched',
      actor: who.actor,
      detail: { by: 'id', found: byId.length },
    });
  const rows = new Map([...byId, ...person.rows].map((row) => [row.id, row]));
  const newest = [...rows.values()].toSorted((one, other) => Number(BigInt(other.id) - BigInt(one.id)));
  return {
    rows: newest.slice(0, rowsFound).map(({ id }) => id),
    by: keys.length === 0 ? ['id'] : keys.map(({ kind }) => kind),
    unseen: person.unseen,
  };
}

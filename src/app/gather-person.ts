import { fold } from '../domain/fold.ts';
import { isSameKey, personKeysOf, type PersonKey } from '../domain/person-key.ts';
import { traceOfName, type PersonTraces } from '../domain/person-traces.ts';
import { findPerson } from './find-person.ts';
import type { ErasureLedger } from './ports/erasure-ledger.ts';
import type { PersonIndex } from './ports/person-index.ts';
import type { LedgerRow } from './ports/row.ts';
import type { Vault } from './ports/vault.ts';
import { openPerson } from './row-payload.ts';

export interface GatherPorts {
  readonly persons: PersonIndex;
  readonly erasures: Pick<ErasureLedger, 'relativesOf'>;
  readonly vault: Vault;
}

export interface GatheredPerson {
  /** By what the person is known, in rows and in files; the NIF among them where there is one. */
  readonly traces: PersonTraces;
  /** Their rows, leads and updates, oldest first. */
  readonly rows: readonly LedgerRow[];
  /** Rows that share a phone, an e-mail or a lead with them and have another person's NIF. They stay as they are. */
  readonly kept: readonly LedgerRow[];
  /** So many rows, about, could not be looked at: they are not in the index of persons yet. */
  readonly unseen: number;
}

interface Looked {
  readonly row: LedgerRow;
  readonly keys: readonly PersonKey[];
  readonly name: string;
}

const pageRows = 1_000;

/**
 * Everything that the ledger has of a person who is known by one NIF, phone or e-mail, or by all that was known of them
 * before. A NIF decides who somebody is: rows with it are theirs, and rows that share their phone or e-mail are theirs
 * where they have no NIF. Rows of the same lead are theirs where nothing in them is somebody else's; status updates are
 * their lead's.
 */
export async function gatherPerson(
  ports: GatherPorts,
  given: PersonTraces,
  /** False: nobody is taken along by what is not given, since all that is known of the person is. */
  { grows = true }: { readonly grows?: boolean } = {},
): Promise<GatheredPerson> {
  const looked = new Map<string, Looked>();
  let unseen = 0;

  async function add(rows: readonly LedgerRow[]): Promise<readonly Looked[]> {
    const fresh: Looked[] = [];
    for (const row of rows) {
      if (looked.has(row.id) || row.erasure != null) continue;
      const values = await openPerson(ports.vault, row);
      const one = { row, keys: personKeysOf(values), name: fold(values.fields?.['name'] ?? '') };
      looked.set(row.id, one);
      fresh.push(one);
    }
    return fresh;
  }

  async function look(keys: readonly PersonKey[]): Promise<void> {
    for (let below: string | undefined; ;) {
      const page = { limit: pageRows, ...(below === undefined ? {} : { belowId: below }) };
      const found = await findPerson(ports, keys, page);
      unseen = Math.max(unseen, found.unseen);
      await add(found.rows);
      if (found.rows.length < pageRows) return;
      below = found.rows.at(-1)?.id;
    }
  }

  await look(given.keys);
  const nifs = nifsOf(given, [...looked.values()]);
  await look(nifs.map((value) => ({ kind: 'nif', value })));
  const isTheirs = ({ keys }: Looked): boolean =>
    nifs.length === 0 ? !hasNif(keys) : keys.some(({ kind, value }) => kind === 'nif' && nifs.includes(value));
  const core = [...looked.values()].filter(isTheirs);
  const known = distinct([
    ...given.keys,
    ...nifs.map((value) => ({ kind: 'nif', value }) as const),
    ...(grows ? core.flatMap(({ keys }) => keys) : []),
  ]);
  await look(known);

  const theirs = new Map<string, Looked>();
  const kept = new Map<string, Looked>();
  for (const one of looked.values()) (isTheirs(one) || !hasNif(one.keys) ? theirs : kept).set(one.row.id, one);
  const names = new Set([...given.names, ...core.flatMap(({ name }) => traceOfName(name) ?? [])]);
  // Duplicates of duplicates, and updates of leads that are found on the way.
  for (let wave = [...theirs.keys()]; wave.length > 0;) {
    const related = await add(await ports.erasures.relativesOf(wave));
    wave = [];
    for (const one of related) {
      if (hasNif(one.keys) && !isTheirs(one)) kept.set(one.row.id, one);
      else if (one.row.kind === 'update' ? isOfTheirLead(one.row, theirs) : isNobodyElses(one, known, names)) {
        theirs.set(one.row.id, one);
        wave.push(one.row.id);
      }
    }
  }
  return {
    traces: { keys: known, names: [...names] },
    rows: oldestFirst(theirs),
    kept: oldestFirst(kept),
    unseen,
  };
}

/**
 * The person's NIFs: those that were given, else the only one beside what was given. Where there are several, nobody knows
 * whose phone it is: all of these rows are somebody else's.
 */
function nifsOf({ keys }: PersonTraces, seeds: readonly Looked[]): readonly string[] {
  const nifsIn = (some: readonly PersonKey[]): string[] =>
    some.flatMap(({ kind, value }) => (kind === 'nif' ? value : []));
  const given = nifsIn(keys);
  if (given.length > 0) return given;
  const found = [...new Set(seeds.flatMap((seed) => nifsIn(seed.keys)))];
  return found.length === 1 ? found : [];
}

function hasNif(keys: readonly PersonKey[]): boolean {
  return keys.some(({ kind }) => kind === 'nif');
}

function isOfTheirLead({ leadRow }: LedgerRow, theirs: ReadonlyMap<string, unknown>): boolean {
  return leadRow === null || theirs.has(leadRow);
}

function isNobodyElses({ keys, name }: Looked, known: readonly PersonKey[], names: ReadonlySet<string>): boolean {
  return names.has(name) || keys.every((key) => known.some((one) => isSameKey(one, key)));
}

function distinct(keys: readonly PersonKey[]): readonly PersonKey[] {
  return keys.filter((key, at) => keys.findIndex((other) => isSameKey(other, key)) === at);
}

function oldestFirst(found: ReadonlyMap<string, Looked>): readonly LedgerRow[] {
  return [...found.values()].map(({ row }) => row).toSorted((one, other) => Number(BigInt(one.id) - BigInt(other.id)));
}

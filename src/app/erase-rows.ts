import type { PersonTraces } from '../domain/person-traces.ts';
import { gatherPerson, type GatheredPerson, type GatherPorts } from './gather-person.ts';
import { tagPerson } from './keyed-hashes.ts';
import type { ErasureLedger, OpenErasure } from './ports/erasure-ledger.ts';
import type { Act } from './ports/held-files.ts';
import type { LeadPayload, LedgerRow, UpdatePayload } from './ports/row.ts';
import type { DataKey, Vault } from './ports/vault.ts';
import { isTaken, openUpdate } from './row-payload.ts';

export interface EraseRowsPorts extends GatherPorts {
  readonly erasures: ErasureLedger;
  readonly vault: Vault;
}

/** Stands where a partner's id would: of the data key of what is searched by. No partner can be called so. */
const keyOwner = '_erasures';
const pageRows = 200;
/** As many are opened and looked at in a moment; where more are not in the index of persons yet, it is waited for. */
const unindexedAtOnce = 20_000;

/** Writes down that a person is to be erased. From then on nothing of them is read or sent; the rest may be carried on. */
export async function beginErasure(
  { erasures, vault }: Pick<EraseRowsPorts, 'erasures' | 'vault'>,
  { traces, rows }: Pick<GatheredPerson, 'rows' | 'traces'>,
  act: Act,
): Promise<string> {
  const key = await vault.keyFor(keyOwner);
  const isNifKnown = traces.keys.some(({ kind }) => kind === 'nif');
  return erasures.beginErasure(
    {
      rows: rows.map(({ id }) => id),
      tags: traces.keys.map((one) => ({
        tag: tagPerson(vault, one),
        evenWithNif: one.kind !== 'nif' && !isNifKnown,
      })),
      keyId: key.id,
      person: key.seal(JSON.stringify(traces)),
    },
    act,
  );
}

/** By what the person of an unfinished erasure is recognised. */
export async function openTraces(vault: Vault, { keyId, person }: OpenErasure): Promise<PersonTraces> {
  const key = await vault.keyById(keyId);
  return JSON.parse(key.open(person)) as PersonTraces;
}

/**
 * Carries on with the rows of every erasure, from wherever it was broken off. Those under way or in doubt stay until they
 * have ended, and are erased at a later turn. Answers how many were erased.
 */
export async function eraseRows(
  ports: EraseRowsPorts,
  actor: string,
  done: (rows: number) => void = () => undefined,
): Promise<number> {
  const { erasures, vault } = ports;
  for (const erasure of await erasures.unfinishedErasures()) {
    if (!erasure.isGathered) await gatherLateRows(ports, erasure);
  }
  let sum = 0;
  for (let after = '0'; ;) {
    const rows = await erasures.rowsToErase(after, pageRows);
    const blanks: { id: string; payload: Uint8Array }[] = [];
    for (const row of rows) blanks.push({ id: row.id, payload: await blankPayload(vault, row) });
    sum += await erasures.eraseRows(blanks, actor);
    done(sum);
    const last = rows.at(-1);
    if (last === undefined) return sum;
    after = last.id;
  }
}

/** Rows that came in while the erasure was written down: whoever read them did not know the list yet. */
async function gatherLateRows(ports: EraseRowsPorts, erasure: OpenErasure): Promise<void> {
  await ports.erasures.outlastReadings();
  if ((await ports.persons.countUnindexed()) > unindexedAtOnce) return;
  const { rows } = await gatherPerson(ports, await openTraces(ports.vault, erasure), { grows: false });
  await ports.erasures.noteGathered(
    erasure.id,
    rows.map(({ id }) => id),
  );
}

async function blankPayload(vault: Vault, row: LedgerRow): Promise<Uint8Array> {
  // Retention was faster, and its key may be gone.
  if (isTaken(row)) return row.payload;
  const key: DataKey = await vault.keyById(row.keyId);
  if (row.kind === 'lead') return key.seal(JSON.stringify({ fields: {}, partnerLeadId: null } satisfies LeadPayload));
  const { estado, isOfRecord } = await openUpdate(vault, row);
  const blank: UpdatePayload = { leadId: null, partnerLeadId: null, estado, observacion: '' };
  return key.seal(JSON.stringify(isOfRecord === true ? { ...blank, isOfRecord } : blank));
}

import type { AuditFault } from '../domain/audit-faults.ts';
import type { AuditSeal } from '../domain/audit-seal.ts';
import { createAuditCheck } from '../domain/check-audit.ts';
import type { AuditDigests, AuditLog } from './ports/audit-log.ts';

export interface AuditVerdict {
  readonly entries: number;
  readonly seals: number;
  /** Written since the last seal: not covered yet. */
  readonly unsealed: number;
  /** The first of them come first; no more than `faultsTold`. */
  readonly faults: readonly AuditFault[];
  readonly faultCount: number;
  readonly lastSeal: AuditSeal | null;
}

const entriesAPage = 5_000;
const sealsAPage = 20;
/** Numbers begin at 1; whoever puts an entry in may give it any. */
const beforeAll = '-9223372036854775808';
/** The others are counted. */
export const faultsTold = 20;

/**
 * Checks the whole log against its seals and the checkpoints kept outside, at constant memory. Reads one page ahead: the
 * database works while we do.
 */
export async function verifyAudit(
  ports: { readonly auditLog: AuditLog; readonly digests: AuditDigests },
  expected: {
    readonly ledger: string;
    readonly keys: ReadonlySet<string>;
    /** From outside the database, in any order. */
    readonly checkpoints: readonly AuditSeal[];
  },
  onProgress: (entries: number) => void = () => undefined,
): Promise<AuditVerdict> {
  const { auditLog, digests } = ports;
  const check = createAuditCheck(digests, expected);
  const entries = readAhead(
    (after: string) => auditLog.entries(after, entriesAPage),
    beforeAll,
    (entry) => entry.seq,
  );
  const outside = new Map<number, AuditSeal>();
  const faults: AuditFault[] = [];
  let faultCount = 0;
  const found = (more: readonly AuditFault[]): void => {
    faultCount += more.length;
    faults.push(...more.slice(0, faultsTold - faults.length));
  };
  // Two that name one number differently can't both be in the log: the second one differs from it, or the first.
  const strays: AuditSeal[] = [];
  for (const seal of expected.checkpoints) {
    if (seal.ledger !== expected.ledger) continue;
    if ((outside.get(seal.no) ?? seal).hash !== seal.hash) strays.push(seal);
    outside.set(seal.no, seal);
  }
  for (const { no } of strays) found([{ kind: 'checkpoint_differs', seal: no }]);

  let read = 0;
  let lastSeal: AuditSeal | null = null;
  let seals = 0;
  let next = await entries.next();
  const take = async (until: number): Promise<void> => {
    while (next.done !== true && Number(next.value.seq) <= until) {
      const { value } = next;
      const { seq, txid, at, line } = value;
      check.entry({ seq: Number(seq), txid: Number(txid), at, digest: digests.sha256(line) });
      read += 1;
      if (read % entriesAPage === 0) onProgress(read);
      next = entries.nextNow() ?? (await entries.next());
    }
  };
  for await (const batch of pagesOfSeals(auditLog)) {
    await take(Number(batch.seal.lastSeq));
    found(check.seal(batch));
    const kept = outside.get(batch.seal.no);
    if (kept !== undefined && kept.hash !== batch.seal.hash)
      found([{ kind: 'checkpoint_differs', seal: batch.seal.no }]);
    outside.delete(batch.seal.no);
    lastSeal = batch.seal;
    seals += 1;
  }
  await take(Infinity);
  onProgress(read);
  const { unsealed, faults: atEnd } = check.end();
  found(atEnd);
  const end = lastSeal?.no ?? 0;
  found(
    [...outside.values()]
      .filter(({ no }) => no > end)
      .toSorted((one, other) => one.no - other.no)
      .map(({ no, firstSeq }) => ({ kind: 'cut_off', seq: firstSeq, seal: no })),
  );
  return { entries: read, seals, unsealed, faults, faultCount, lastSeal };
}

async function* pagesOfSeals(auditLog: AuditLog) {
  let after = 0;
  for (;;) {
    const page = await auditLog.seals(after, sealsAPage);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seal.no;
  }
}

type Next<T> = { readonly done: false; readonly value: T } | { readonly done: true };

/** Items page by page, the next page asked for while this one is used. `nextNow` answers without a turn of the event loop. */
function readAhead<T, K>(readPage: (after: K) => Promise<readonly T[]>, first: K, keyOf: (item: T) => K) {
  let page: readonly T[] = [];
  let at = 0;
  let coming: Promise<readonly T[]> | null = readPage(first);
  // Looked at when its turn comes.
  coming.catch(() => undefined);
  const nextNow = (): Next<T> | null => {
    const value = page[at];
    if (value === undefined) return null;
    at += 1;
    return { done: false, value };
  };
  return {
    nextNow,
    async next(): Promise<Next<T>> {
      const now = nextNow();
      if (now !== null) return now;
      if (coming === null) return { done: true };
      page = await coming;
      at = 0;
      const last = page.at(-1);
      coming = last === undefined ? null : readPage(keyOf(last));
      coming?.catch(() => undefined);
      return nextNow() ?? { done: true };
    },
  };
}

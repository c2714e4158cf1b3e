/** More than are under way at once. */
const remembered = 200;

/**
 * The newest creates that were announced, by this process or by those of its host before it: a ledger that does not know
 * the last of them failed over behind the truth, or was restored under a running process.
 */
export interface Announced {
  last(): string | null;
  add(attempts: readonly string[]): void;
  /** Of these nothing left: no spool has them, so nobody could ever recover them. */
  withdraw(attempts: ReadonlySet<string>): void;
  /** The newest create in the spool of this host, which the ledger knows. Counts until this process announces one. */
  witness(attempt: string): void;
  /** The spool of this process: nothing is announced in an era of the ledger before it has been compared (RollCall). */
  spool(): string | null;
  speakFor(spool: string): void;
}

export function createAnnounced(): Announced {
  let own: readonly string[] = [];
  let witnessed: string | null = null;
  let ownSpool: string | null = null;
  return {
    last: () => own.at(-1) ?? witnessed,
    add(attempts) {
      own = [...own, ...attempts].slice(-remembered);
    },
    withdraw(attempts) {
      own = own.filter((id) => !attempts.has(id));
    },
    witness(attempt) {
      witnessed = attempt;
    },
    spool: () => ownSpool,
    speakFor(spool) {
      ownSpool = spool;
    },
  };
}

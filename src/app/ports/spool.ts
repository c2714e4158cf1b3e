import type { AttemptEnd } from './row-moves.ts';

/** A request whose intent has committed, about to be handed to the network. Ids and keyed hashes alone. */
export interface SpooledRequest {
  readonly attemptId: string;
  readonly rowId: string;
  readonly fence: number;
  readonly step: 'create' | 'push';
  readonly partner: string;
  /** Of the lead: by it the row is found again in a ledger that numbers its rows anew. Null for a status update. */
  readonly identity: string | null;
  readonly content: string | null;
}

/** What an answer said, in the words of its attempt. Of its texts nothing but the ids, without control characters. */
export interface SpooledAnswer extends AttemptEnd {
  readonly idLanding: string | null;
}

/** A request as it was found in the spool. */
export interface FoundRequest extends SpooledRequest {
  readonly instance: string;
  /** By the clock of the machine that wrote it. */
  readonly at: Date;
}

/**
 * What a worker has handed to the network and heard back, outside the ledger: one line each, written before the network
 * and the ledger see them. A process that is killed leaves it whole; a machine that loses its power may lose the last
 * moments. Lines of other ledgers in the same folder are not seen.
 */
export interface Spool {
  /** Of the folder, given when it was made: one that moves to another host stays the same spool. */
  readonly id: string;
  /** Throws when it can't be written: then nothing may be sent. */
  noteRequest(request: SpooledRequest): void;
  /** Throws when it can't be written: the answer goes to the ledger all the same. */
  noteAnswer(answer: SpooledAnswer): void;
  /** The newest creates of every process that wrote here, this one included. The last is of whoever wrote last. */
  newestCreates(): Promise<readonly string[]>;
  /** Processes that wrote here, without this one. */
  otherInstances(): Promise<readonly string[]>;
  /** Of one process, those of the wanted attempts that have an answer. */
  answersOf(instance: string, wanted: ReadonlySet<string>): Promise<readonly SpooledAnswer[]>;
  /** Every create, in the order of each process's own. */
  creates(): AsyncIterable<FoundRequest>;
  /** Closes what is open; what was written stays. */
  close(): void;
}

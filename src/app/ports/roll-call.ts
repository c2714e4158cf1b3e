/** A spool of a host, by the id of its folder. */
export interface HostSpool {
  readonly spool: string;
  readonly host: string;
}

/**
 * Who has compared its spool with the ledger since that began anew. A ledger that was restored or has failed over may lack
 * what was sent, and a host that sent nothing lately can't see that from its own spool: so after each start of the database
 * no call is announced before every host that was there has looked, or has been away for two minutes. One of each process:
 * it remembers whom it has seen last, since the backup may be older than they.
 */
export interface RollCall {
  /** Names the present run of the database on its present data. What is compared is good for this era alone. */
  era(): Promise<string>;
  /** This process has answered, and the ledger has not begun anew since. */
  isAnswered(): Promise<boolean>;
  /**
   * This spool was compared with the ledger in this era; said again from time to time, since who is silent is away. Of an
   * era that is over it says nothing.
   */
  answer(era: string, own: HostSpool): Promise<void>;
  /** A service of this spool ends: if no other of its host is alive, nobody has to wait for it. */
  leave(spool: string): Promise<void>;
}

/** A call that is not complete. Nothing is sent meanwhile. */
export interface OpenRollCall {
  /** Null: the database has just begun anew, and nobody has noticed. */
  readonly since: Date | null;
  /** Then it goes on without those who have not answered. */
  readonly until: Date | null;
  /** Who has not answered. */
  readonly hosts: readonly string[];
}

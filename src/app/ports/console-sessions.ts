/** A login of the console that has not ended. */
export interface ConsoleSession {
  readonly name: string;
  /** Tells the credentials that it was begun with from others. */
  readonly credentials: string;
}

/** How long a session lasts: from its beginning, and without a page being asked for. */
export interface SessionLife {
  readonly mostMs: number;
  readonly idleMs: number;
}

/** Who is logged in at the console, at whichever process. Tokens are known by their hash alone. */
export interface ConsoleSessions {
  begin(tokenHash: string, session: ConsoleSession): Promise<void>;
  /** Null: there is none, or it is over. Notes that it is in use. */
  find(tokenHash: string, life: SessionLife): Promise<ConsoleSession | null>;
  /** Is there one, and is it not over? To ask is no use of it. */
  isGoing(tokenHash: string, life: SessionLife): Promise<boolean>;
  end(tokenHash: string): Promise<void>;
  /** Removes those that are over. */
  forgetEnded(life: SessionLife): Promise<void>;
}

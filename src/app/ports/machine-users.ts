/** A machine that may use the console's JSON API. */
export interface MachineUser {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  /** Its token as it is kept: nobody can read it off again. */
  readonly tokenHash: string;
  readonly madeAt: Date;
  /** Null: never. */
  readonly expiresAt: Date | null;
}

/** The machine users as they are now, and their tokens. */
export interface MachineUsers {
  /** Whose token this is, also when its time is over. Null: nobody's. */
  find(token: string): MachineUser | null;
}

/** Tokens, 256 random bits each: nobody guesses one, so that a hash of one is quick to make. */
export interface MachineTokens {
  make(): string;
  hash(token: string): string;
}

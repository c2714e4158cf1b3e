/** Passwords as they are kept: nobody can read them off again. */
export interface Passwords {
  /** A text for CONSOLE_USERS. Slow on purpose. */
  hash(password: string): Promise<string>;
  /** As slow as hashing, whatever the answer. At most a few at once: the others wait. */
  isRight(password: string, hash: string): Promise<boolean>;
}

import type { Act } from './held-files.ts';

/** What a person begins with a file that takes long, and that only one may begin. */
export interface FileClaims {
  /** The newest event of the file as a whole; '0' where there is none. Changes with whatever is done to the file. */
  lastEvent(fileId: string): Promise<string>;
  /**
   * Who is at it: began something within the last quarter of an hour that has not come to its end. Null: nobody, or who
   * did has died over it since.
   */
  underWay(fileId: string): Promise<BegunOnFile | null>;
  /**
   * Writes down that it is begun, if nothing was done to the file since the event that was seen. False: somebody was
   * quicker, and nothing is written. It leaves no lock: whoever looks again may begin anew.
   */
  claim(fileId: string, seen: string, what: LongFileDeed, act: Act): Promise<boolean>;
}

export type LongFileDeed = 'cancel' | 'reread';

export interface BegunOnFile extends Act {
  readonly what: LongFileDeed;
  readonly at: Date;
}

/** A file that somebody has sent from their browser. */
export interface Upload {
  /** By which its owner goes on with it. */
  readonly token: string;
  readonly path: string;
  readonly bytes: number;
  /** Its last line has no line break. */
  readonly endsOpen: boolean;
}

/** Uploaded files, on this host, readable by us alone, for half an hour, the newest few of each owner. They hold personal data. */
export interface Uploads {
  /** Written as it comes; memory does not grow with it. Null: it is longer than `mostBytes`, and nothing of it is kept. */
  take(owner: string, content: AsyncIterable<Uint8Array>): Promise<Upload | null>;
  /** Null: there is none, its time is over, or it is somebody else's. */
  find(token: string, owner: string): Upload | null;
  remove(token: string): Promise<void>;
  readonly mostBytes: number;
}

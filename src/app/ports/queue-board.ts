/** What somebody's browser asks of Bull Board: never more than to look, and to retry jobs that have failed. */
export interface BoardRequest {
  readonly method: 'GET' | 'PUT';
  /** Below the board, such as `/api/queues`. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
}

export interface BoardAnswer {
  readonly status: number;
  /** To be sent as JSON. */
  readonly body: unknown;
}

/** Bull Board over this process's queues. Jobs hold ids alone, so that it shows nothing of a person. */
export interface QueueBoard {
  /** Its page, for a place such as `/queues/`. It asks for scripts and styles below it, and for nothing from outside. */
  page(place: string): string;
  /** Is it an address of the page? */
  isPage(path: string): boolean;
  /** One of the page's own files, by its address below the board. Null: it has none of that name. */
  file(path: string): Promise<{ readonly bytes: Uint8Array; readonly type: string } | null>;
  /** Null: there is no such thing, or it is none that is let through. */
  answer(request: BoardRequest): Promise<BoardAnswer | null>;
}

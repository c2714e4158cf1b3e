type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * The bytes of files: plain where partners and operators see them, sealed where they are kept. Whoever reads through here
 * sees no difference; a sealed file that was cut, changed or put together anew throws where that shows.
 */
export interface FileBytes {
  isSealed(path: string): boolean;
  /** How many there are when it is opened. Throws ENOENT. */
  size(path: string): Promise<number>;
  /** From one of them on, in chunks of any size, at constant memory. Throws ENOENT. */
  read(path: string, start: number): AsyncIterable<Uint8Array>;
  /** What is to be written where files of this partner are kept: sealed with a key that no other file has. */
  seal(partner: string, plain: Chunks): AsyncIterable<Uint8Array>;
  /** What is to be written in the place of a file: sealed with a new key of the same owner and month, or plain like it. */
  sealLike(path: string, plain: Chunks): AsyncIterable<Uint8Array>;
}

/** How a request with a key of its own stands. */
export type PostStanding =
  /** It is new, and begun by this. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'under_way' }
  /** The key was used with another request. */
  | { readonly kind: 'another' };

/** What machines have asked to be done once, by their keys; known to every console of the ledger, by keyed hashes. */
export interface ConsolePosts {
  /** Begins one, unless it was begun within `keptMs`. Of two at once one begins it. */
  begin(keyMac: string, requestMac: string, keptMs: number): Promise<PostStanding>;
  /** What it was answered. */
  answer(keyMac: string, answer: unknown): Promise<void>;
  /** Nothing was done: it may be begun again. */
  forget(keyMac: string): Promise<void>;
}

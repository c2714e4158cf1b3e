/** What notices that a safeguard is gone: seeds of the simulation, test files, or a cell of the chaos suite. */
export type Witness =
  | { readonly kind: 'simulation'; readonly seeds: number }
  | { readonly kind: 'tests'; readonly files: readonly string[] }
  | { readonly kind: 'chaos'; readonly cell: string; readonly seeds: number; readonly rows: number };

/** One safeguard, and the edit that takes it out of a copy of the checkout. */
export interface Mutant {
  readonly name: string;
  readonly path: string;
  /** Must stand in the file exactly once: an edit that no longer fits fails loudly. */
  readonly before: string;
  readonly after: string;
  readonly witness: Witness;
}

/** Who and what the calls are about. Synthetic, but for a NIF that the person who runs the checks has given. */
export interface Subject {
  /** Normalised. */
  readonly nif: string;
  /** Distinguishes the leads of this run; at most 10 characters. */
  readonly run: string;
  /** Fields of the test lead by our names, over the defaults. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An earlier row of the same file that is the same lead. */
export interface EarlierInFile {
  readonly rowNumber: number;
  readonly sameContent: boolean;
}

/**
 * Remembers which row of a file holds which lead, for looks that write nothing down. By the first 52 bits of the keyed
 * hashes: a million leads take some 100 MB, and two of them are taken for one in one file of ten thousand.
 */
export function createLeadsInFile() {
  const rowOf = new Map<number, number>();
  const contentOf = new Map<number, number>();
  return {
    /** The row that holds this lead already; else this one does from now on. */
    hold(identity: string, content: string | null, rowNumber: number): EarlierInFile | null {
      const lead = numberOfHash(identity);
      const said = content === null ? -1 : numberOfHash(content);
      const earlier = rowOf.get(lead);
      if (earlier !== undefined) return { rowNumber: earlier, sameContent: contentOf.get(lead) === said };
      rowOf.set(lead, rowNumber);
      contentOf.set(lead, said);
      return null;
    },
  };
}

/** Keyed hashes are UUID texts: 13 hexadecimal digits of one make a number that is exact. */
export function numberOfHash(hash: string): number {
  return Number.parseInt(hash.replaceAll('-', '').slice(0, 13), 16);
}

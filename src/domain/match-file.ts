import { fileKinds, type FileKind } from './file-life.ts';
import type { FilePattern, Partner } from './partner.ts';

/** Excel saves "Unicode text" as .txt, and Meta's lead forms come as .tsv. */
const withoutPatterns = ['*.csv', '*.tsv', '*.txt'] as const;

/**
 * Says what a file of this name holds, or null when no pattern of the partner fits. The pattern with more letters of
 * its own wins, so `updates*.csv` goes before `*.csv`; of two with as many, leads before updates before mixed. A partner
 * without patterns sends leads in every *.csv, *.tsv and *.txt.
 */
export function kindOfFile(name: string, partner: Partner): FileKind | null {
  const kinds = kindsWithPattern(partner);
  if (kinds.length === 0) return withoutPatterns.some((glob) => matches(name, glob)) ? 'leads' : null;
  const fitting = kinds.filter(({ pattern }) => matches(name, pattern.match));
  // Sorting is stable.
  return fitting.toSorted((a, b) => literalLength(b.pattern) - literalLength(a.pattern))[0]?.kind ?? null;
}

/** The patterns that a file's name may match, for people. */
export function patternsOf(partner: Partner): readonly string[] {
  const kinds = kindsWithPattern(partner);
  return kinds.length === 0 ? withoutPatterns : kinds.map(({ pattern }) => pattern.match);
}

/** What the partner's files hold, by pattern. Empty: there are none. */
export function kindsWithPattern({
  files,
}: Pick<Partner, 'files'>): readonly { readonly kind: FileKind; readonly pattern: FilePattern }[] {
  return fileKinds.flatMap((kind) => {
    const pattern = files[kind];
    return pattern === null ? [] : [{ kind, pattern }];
  });
}

function matches(name: string, glob: string): boolean {
  const pattern = glob
    .normalize('NFC')
    .split(/([*?])/)
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : RegExp.escape(part)))
    .join('');
  // macOS and some shares hand over names in NFD.
  return new RegExp(`^${pattern}$`, 'isu').test(name.normalize('NFC'));
}

function literalLength(pattern: FilePattern): number {
  return pattern.match.replace(/[*?]/g, '').length;
}

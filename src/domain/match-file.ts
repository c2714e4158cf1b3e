import type { FileKind } from './file-life.ts';
import type { FilePattern, Partner } from './partner.ts';

/** Excel saves "Unicode text" as .txt, and Meta's lead forms come as .tsv. */
const withoutPatterns = ['*.csv', '*.tsv', '*.txt'] as const;

/**
 * Says what a file of this name holds, or null when no pattern of the partner fits. The pattern with more letters of
 * its own wins, so `updates*.csv` goes before `*.csv`. A partner without patterns sends leads in every *.csv, *.tsv and
 * *.txt.
 */
export function kindOfFile(name: string, partner: Partner): FileKind | null {
  const { leads, updates } = partner.files;
  if (leads === null && updates === null) return withoutPatterns.some((glob) => matches(name, glob)) ? 'leads' : null;
  const isLeads = leads !== null && matches(name, leads.match);
  const isUpdates = updates !== null && matches(name, updates.match);
  if (isLeads && isUpdates) return literalLength(updates) > literalLength(leads) ? 'updates' : 'leads';
  if (isLeads) return 'leads';
  return isUpdates ? 'updates' : null;
}

/** The patterns that a file's name may match, for people. */
export function patternsOf({ files: { leads, updates } }: Partner): readonly string[] {
  if (leads === null && updates === null) return withoutPatterns;
  return [leads, updates].flatMap((pattern) => (pattern === null ? [] : [pattern.match]));
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

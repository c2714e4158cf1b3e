import type { FileKind } from './file-life.ts';
import type { FilePattern, Partner } from './partner.ts';

/**
 * Says what a file of this name holds, or null when no pattern of the partner fits. The pattern with more letters of
 * its own wins, so `updates*.csv` goes before `*.csv`. A partner without patterns sends leads in every *.csv.
 */
export function kindOfFile(name: string, partner: Partner): FileKind | null {
  const { leads, updates } = partner.files;
  if (leads === null && updates === null) return matches(name, '*.csv') ? 'leads' : null;
  const isLeads = leads !== null && matches(name, leads.match);
  const isUpdates = updates !== null && matches(name, updates.match);
  if (isLeads && isUpdates) return literalLength(updates) > literalLength(leads) ? 'updates' : 'leads';
  if (isLeads) return 'leads';
  return isUpdates ? 'updates' : null;
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

/** `{name}` stands for the whole name of the file that it speaks of, `{stem}` for the name without its ending. */
const place = /\{(name|stem)\}/;

/** A companion stands beside a file and says something about it. Null: the partner sends none. */
export interface CompanionRules {
  /** The file is complete once a file of this name is there. */
  readonly done: string | null;
  /** The file's SHA-256 stands in a file of this name. */
  readonly checksum: string | null;
}

export const noCompanions: CompanionRules = { done: null, checksum: null };

/** The name of a file's companion. Compare it folded: partners on Windows don't mind letter case. */
export function companionName(template: string, name: string): string {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return template.replace(place, (_, which) => (which === 'stem' ? stem : name));
}

/** Whether a file of this name can only be somebody's companion, also when the other one is not there (yet). */
export function isCompanionName(template: string, name: string): boolean {
  const [before = '', , after = ''] = foldName(template).split(place);
  const folded = foldName(name);
  return folded.length > before.length + after.length && folded.startsWith(before) && folded.endsWith(after);
}

/** macOS and some shares hand over names in NFD. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** A template names one place, adds something of its own, and stays in the folder. */
export function isCompanionTemplate(text: string): boolean {
  const parts = text.split(place);
  return parts.length === 3 && `${parts[0]}${parts[2]}` !== '' && !/[/\\{}]/.test(text.replace(place, ''));
}

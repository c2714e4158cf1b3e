import { maskPersonal } from '../domain/mask-personal.ts';
import { UsageFault } from './usage-fault.ts';

const kinds = { '[NIF]': 'a NIF', '[phone]': 'a phone number', '[e-mail]': 'an e-mail address' } as const;

/**
 * Arguments stand in the history of the shell and in the list of processes, so that no command takes one with a person's
 * values in it: asked before any command sees them. Throws a UsageFault that says which one and does not repeat it.
 */
export function refusePersonalArguments(args: readonly string[]): void {
  for (const [index, argument] of args.entries()) {
    const kind = personalKindOf(argument);
    if (kind === null) continue;
    throw new UsageFault(
      `USAGE_PERSONAL_DATA: argument ${index + 1} holds what looks like ${kind}, which must not stand in a command line: use --nif - where a person is meant (it is asked for, or read from standard input); rename a file that is called so`,
    );
  }
}

function personalKindOf(argument: string): string | null {
  const text = whatIsSaid(argument);
  const masked = maskPersonal(text);
  if (masked === text) return null;
  const found = Object.entries(kinds).find(([mask]) => masked.includes(mask) && !text.includes(mask));
  return found?.[1] ?? 'a personal value';
}

/** Folders are the machine's and may be called user@domain; only the file's name is somebody else's. */
function whatIsSaid(argument: string): string {
  const [, option = '', value = argument] = /^(--?[\w-]+=)?(.*)$/s.exec(argument) ?? [];
  const isPath = /^(~|\.{0,2}\/|[A-Za-z]:[\\/])/.test(value) && !/\s/.test(value);
  return option + (isPath ? value.replace(/^.*[\\/](?=.)/s, '') : value);
}

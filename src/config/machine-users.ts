import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

const user = z.strictObject({
  name: z.string().regex(/^[\w.@-]{1,64}$/),
  role: z.enum(['viewer', 'operator', 'admin']),
  tokenHash: z.string().regex(/^sha256:[\w-]{43}$/),
  madeAt: z.iso.datetime().transform((text) => new Date(text)),
  expiresAt: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .nullable(),
});
const list = z
  .array(user)
  .refine((users) => new Set(users.map(({ name }) => name)).size === users.length)
  .refine((users) => new Set(users.map(({ tokenHash }) => tokenHash)).size === users.length);

export type MachineUser = z.output<typeof user>;

export type MachineUsersRead =
  | { readonly kind: 'read'; readonly users: readonly MachineUser[] }
  /** `got` completes "expected a list of machine users that only its owner can write, got …"; it says nothing of what stands there. */
  | { readonly kind: 'refused'; readonly got: string };

/** Reads the file of the machine users. One that is not there holds none. */
export function readMachineUsers(path: string): MachineUsersRead {
  try {
    const mode = statSync(path).mode & 0o777;
    // Who may write it gives roles away. Windows has no such bits.
    if (process.platform !== 'win32' && (mode & 0o022) !== 0)
      return { kind: 'refused', got: `mode ${mode.toString(8).padStart(4, '0')} (chmod 600 it)` };
    const parsed = list.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? { kind: 'read', users: parsed.data } : { kind: 'refused', got: 'something else' };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'refused', got: 'no JSON' };
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    return code === 'ENOENT' ? { kind: 'read', users: [] } : { kind: 'refused', got: code };
  }
}

/**
 * The machine users as their file has them now: it is looked at with each question, and read where it has changed. While
 * it can't be read nobody is one, and `onRefused` is told once.
 */
export function watchMachineUsers(path: string, onRefused: (got: string) => void): { list(): readonly MachineUser[] } {
  let seen: string | null = null;
  let users: readonly MachineUser[] = [];
  return {
    list() {
      const now = stampOf(path);
      if (now === seen) return users;
      seen = now;
      const read = readMachineUsers(path);
      users = read.kind === 'read' ? read.users : [];
      if (read.kind === 'refused') onRefused(read.got);
      return users;
    },
  };
}

/** Tells one state of a file from another. Finer than a millisecond: it may be written twice in one. */
function stampOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? 'absent' : [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}

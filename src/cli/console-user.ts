import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Passwords } from '../app/ports/passwords.ts';
import type { Cli } from './cli.ts';
import { UsageFault } from './usage-fault.ts';

const roles = ['viewer', 'operator', 'admin'] as const;
const fewestCharacters = 12;

interface ConsoleUser {
  readonly name: string;
  readonly role: string;
  readonly password: string;
}

interface ConsoleUserOptions {
  readonly role: (typeof roles)[number];
  readonly file?: string;
}

/** `leadsync console-user`: an entry of CONSOLE_USERS, with the password hashed. */
export function registerConsoleUser(program: Command, cli: Cli, openPasswords: () => Promise<Passwords>): void {
  program
    .command('console-user')
    .description('somebody who may log in at the console: an entry of CONSOLE_USERS, its password hashed')
    .argument('<name>', 'letters, digits and . _ -')
    .addOption(
      new Option('--role <role>', 'viewer looks, operator acts, admin also stops and starts everything')
        .choices(roles)
        .default('viewer'),
    )
    .option('--file <path>', 'write it into this file (CONSOLE_USERS_FILE) instead of printing it')
    .addHelpText(
      'after',
      `
An e-mail address as a name stands in no command line either: write it into the
file. The password is asked for, or read from standard input; it never
stands in a command line.
A console reads its users when it starts.

Examples:
  leadsync console-user ana --role operator --file /etc/leadsync/console-users.json
  CONSOLE_USERS_FILE=/etc/leadsync/console-users.json leadsync run
`,
    )
    .action(async (name: string, { role, file }: ConsoleUserOptions) => {
      if (!/^[\w.@-]{1,64}$/.test(name))
        throw new UsageFault(`NAME: expected up to 64 letters, digits and . _ @ -; got "${name}"`);
      const password = await cli.out.askNewSecret('Password:');
      if (password === null) throw new UsageFault('password: expected the same twice; got two');
      if ([...password].length < fewestCharacters)
        throw new UsageFault(`password: expected ${fewestCharacters} characters or more; got ${[...password].length}`);
      const user = { name, role, password: await (await openPasswords()).hash(password) };
      if (file === undefined) return cli.out.print(JSON.stringify(user));
      const isNew = await keep(resolve(file), user);
      cli.out.note(
        `${name} (${role}) is ${isNew ? 'added to' : 'changed in'} ${file}; a console that runs reads it at its next start`,
      );
    });
}

/** The list with this user in it, changed or added; readable by its owner alone. True: added. */
async function keep(path: string, user: ConsoleUser): Promise<boolean> {
  const users = await readUsers(path);
  const others = users.filter(({ name }) => name !== user.name);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify([...others, user], null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asUsageFault(path, error);
  }
  return others.length === users.length;
}

async function readUsers(path: string): Promise<readonly ConsoleUser[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw asUsageFault(path, error);
  }
  try {
    const users: unknown = JSON.parse(text);
    if (Array.isArray(users)) return users as readonly ConsoleUser[];
  } catch {
    // Said below, without a word of what stands there.
  }
  throw new UsageFault(`--file: expected a JSON list of users; got something else in ${path}`);
}

function asUsageFault(path: string, error: unknown): unknown {
  const code = codeOf(error);
  return code === '' ? error : new UsageFault(`--file: expected a file that can be written; got ${code} for ${path}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

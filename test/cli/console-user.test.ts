import { readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPasswords } from '../../src/adapters/crypto/passwords.ts';
import { registerConsoleUser } from '../../src/cli/console-user.ts';
import { variableSchemas } from '../../src/config/variable-schemas.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { runCommand } from './a-cli.ts';

const passwords = createPasswords();
let scratch: ScratchFolder;
beforeEach(async () => {
  scratch = await scratchFolder();
});
afterEach(() => scratch.remove());

const answer = 'correcto caballo pila';
const run = (args: readonly string[], given: string = answer) =>
  runCommand(['console-user', ...args], {
    answer: given,
    more: [(program, cli) => registerConsoleUser(program, cli, async () => passwords)],
  });

describe('leadsync console-user', () => {
  it('prints an entry that the settings take, with a password that nobody can read off', async () => {
    const { code, stdout } = await run(['ana', '--role', 'operator']);
    expect(code).toBe(0);
    const user = JSON.parse(stdout);
    expect(user).toMatchObject({ name: 'ana', role: 'operator' });
    expect(stdout).not.toContain('caballo');
    expect(variableSchemas.CONSOLE_USERS.safeParse(`[${stdout}]`).success).toBe(true);
    expect(await passwords.isRight(answer, user.password)).toBe(true);
  });

  it('keeps a file of users: adds, changes, and leaves it to its owner alone', async () => {
    const file = join(scratch.path, 'users.json');
    expect((await run(['ana', '--role', 'operator', '--file', file])).stderr).toContain('ana (operator) is added to');
    expect((await run(['luis', '--file', file])).code).toBe(0);
    expect((await run(['ana', '--role', 'admin', '--file', file])).stderr).toContain('ana (admin) is changed in');
    const text = readFileSync(file, 'utf8');
    const users = variableSchemas.CONSOLE_USERS.parse(text);
    expect(users.map(({ name, role }) => [name, role])).toEqual([
      ['luis', 'viewer'],
      ['ana', 'admin'],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('does not overwrite a file that is something else, and says nothing of what stands there', async () => {
    const file = join(scratch.path, 'other.json');
    await writeFile(file, '{"geheim": 1}');
    const { code, stderr } = await run(['ana', '--file', file]);
    expect([code, stderr.includes('geheim')]).toEqual([2, false]);
    expect(readFileSync(file, 'utf8')).toBe('{"geheim": 1}');
    expect((await run(['ana', '--file', join(scratch.path, 'nowhere', 'x.json')])).code).toBe(2);
  });

  it.each([
    [['ana'], 'elf Zeichen', 'expected 12 characters or more'],
    [['two words'], answer, 'NAME: expected'],
    [['ana', '--role', 'boss'], answer, 'viewer, operator, admin'],
    [[], answer, 'missing required argument'],
  ])('refuses %j with exit 2', async (args, given, said) => {
    const { code, stderr, stdout } = await run(args, given);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });
});

import { describe, expect, it } from 'vitest';
import { createPasswords } from '../../../src/adapters/crypto/passwords.ts';
import { variableSchemas } from '../../../src/config/variable-schemas.ts';

const passwords = createPasswords();

describe('a password', () => {
  it('is told from others by its hash, which the settings take and which is another each time', async () => {
    const [hash, again] = [
      await passwords.hash('correcto caballo pila'),
      await passwords.hash('correcto caballo pila'),
    ];
    expect(hash).not.toBe(again);
    expect(await passwords.isRight('correcto caballo pila', hash)).toBe(true);
    expect(await passwords.isRight('correcto caballo pilA', hash)).toBe(false);
    const users = JSON.stringify([{ name: 'ana', role: 'admin', password: hash }]);
    expect(variableSchemas.CONSOLE_USERS.safeParse(users).success).toBe(true);
  });

  it('is the same in whatever way the keyboard writes its accents', async () => {
    const hash = await passwords.hash('contraseña única'.normalize('NFC'));
    expect(await passwords.isRight('contraseña única'.normalize('NFD'), hash)).toBe(true);
  });

  it('is judged with the cost that it was kept with, and not at all by a hash of another kind', async () => {
    const cheap = 'scrypt:14:8:1:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    expect(await passwords.isRight('anything', cheap)).toBe(false);
    await expect(passwords.isRight('anything', '$2b$10$abc')).rejects.toThrow('kept in another way');
  });

  it('waits for its turn, so that many tries at once take no more memory than two', async () => {
    const hash = await passwords.hash('correcto caballo pila');
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const judged = await Promise.all(Array.from({ length: 8 }, () => passwords.isRight('wrong', hash)));
    clearInterval(watch);
    expect(judged).toEqual(Array.from({ length: 8 }, () => false));
    // Each takes 64 MB.
    expect(most - before).toBeLessThan(5 * 64 * 2 ** 20);
  });
});

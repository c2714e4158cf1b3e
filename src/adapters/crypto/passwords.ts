import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import type { Passwords } from '../../app/ports/passwords.ts';

/** 64 MB and about a fifth of a second for one try (OWASP asks for as much of scrypt with p = 2). */
const cost = { log2N: 16, r: 8, p: 2 } as const;
const saltBytes = 16;
const hashBytes = 32;

/** `scrypt:16:8:2:<salt>:<hash>`, base64url: no sign in it means anything to a shell, an env file or docker compose. */
const shape = /^scrypt:(\d{2}):(\d{1,2}):(\d{1,2}):([\w-]{22}):([\w-]{43})$/;

/** Each try takes 64 MB, so that many at once would be a way to bring the process down. */
const mostAtOnce = 2;

export function createPasswords(): Passwords {
  const inTurn = limitedTo(mostAtOnce);
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      const hash = await inTurn(() => derive(password, salt, cost));
      return ['scrypt', cost.log2N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join(':');
    },
    async isRight(password, kept) {
      const [, log2N, r, p, salt = '', hash = ''] = shape.exec(kept) ?? [];
      if (log2N === undefined) throw new Error('a password was kept in another way than it is read');
      const of = { log2N: Number(log2N), r: Number(r), p: Number(p) };
      const derived = await inTurn(() => derive(password, Buffer.from(salt, 'base64url'), of));
      return timingSafeEqual(derived, Buffer.from(hash, 'base64url'));
    },
  };
}

interface Cost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

function derive(password: string, salt: Uint8Array, { log2N, r, p }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
  return new Promise((resolve, reject) => {
    // One person's keyboard may write é as one character and another's as two.
    scrypt(password.normalize('NFC'), salt, hashBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function limitedTo(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < most) running += 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // Its place goes over to the next one.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST = 20_000;
const COUNT = 12_000;

/**
 * A TCP port of 127.0.0.1 that nobody listens on now: `preferred` if it is free, else the first free one from a number
 * that is always the same for `name`. Another process may still take it before the caller does: start, look, ask again.
 *
 * Always below the ephemeral ports. A client that knocks at an ephemeral port of its own machine while the server is
 * down is now and then given that very port for its own end, connects to itself, and keeps the server out.
 */
export async function findFreePort(name: string, preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  const start = createHash('sha256').update(name).digest().readUInt32BE() % COUNT;
  for (let step = 0; step < COUNT; step += 1) {
    const port = FIRST + ((start + step) % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${FIRST + COUNT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

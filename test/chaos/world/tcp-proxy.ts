import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Random } from '../../simulation/random.ts';

/** What the network does to whoever goes through it. */
export const networkFaults = ['refuse', 'reset', 'stall', 'truncate', 'slow_connect'] as const;
export type NetworkFault = (typeof networkFaults)[number];

export interface TcpProxy {
  readonly port: number;
  afflict(fault: NetworkFault): void;
  /** Bytes that were held back go on, unless their sender has gone. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

const slowConnectMs = 1_500;

/** A network that can be broken, between the workers and one server of loopback. */
export async function startTcpProxy(target: number, random: Random): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let fault: NetworkFault | null = null;
  let server: Server | null = null;
  let port = 0;

  async function listen(): Promise<void> {
    server = createServer({ pauseOnConnect: true }, (client) => {
      const pair = join(client, target, fault === 'slow_connect' ? slowConnectMs : 0);
      pairs.add(pair);
      client.once('close', () => pairs.delete(pair));
      if (fault === 'stall') pair.hold();
      if (fault === 'truncate') pair.truncate(random.whole(0, 200));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }
  function refuse(): void {
    server?.close();
    server = null;
    for (const pair of pairs) pair.reset();
  }

  await listen();
  return {
    get port() {
      return port;
    },
    afflict(next) {
      fault = next;
      if (next === 'refuse') refuse();
      for (const pair of pairs) {
        if (next === 'reset') pair.reset();
        if (next === 'stall') pair.hold();
        if (next === 'truncate') pair.truncate(random.whole(0, 200));
      }
    },
    async heal() {
      fault = null;
      for (const pair of pairs) pair.release();
      if (server === null) await listen();
    },
    async close() {
      refuse();
    },
  };
}

interface Pair {
  hold(): void;
  release(): void;
  reset(): void;
  /** So many bytes of the answer still arrive, then the connection ends. */
  truncate(bytes: number): void;
}

function join(client: Socket, target: number, delayMs: number): Pair {
  const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: false });
  let left = Infinity;
  let held = false;
  const end = (): void => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end).setNoDelay(true);
  client.on('data', (chunk: Buffer) => upstream.write(chunk));
  upstream.on('data', (chunk: Buffer) => {
    client.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) client.end(end);
  });
  upstream.pause();
  const flow = (): void => {
    if (held) return;
    client.resume();
    upstream.resume();
  };
  setTimeout(flow, delayMs);
  return {
    hold() {
      held = true;
      client.pause();
      upstream.pause();
    },
    release() {
      held = false;
      flow();
    },
    reset() {
      client.resetAndDestroy();
      upstream.destroy();
    },
    truncate(bytes) {
      left = bytes;
    },
  };
}

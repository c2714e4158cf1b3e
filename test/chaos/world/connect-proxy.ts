import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../simulation/random.ts';

export interface ConnectProxy {
  readonly port: number;
  /** Opens every tunnel at once from now on. */
  heal(): void;
  close(): Promise<void>;
}

const slowMs = 1_500;

/** An HTTP proxy that takes 1.5 s for a fifth of its tunnels and refuses another fifth, with one of three statuses. */
export async function startConnectProxy(random: Random): Promise<ConnectProxy> {
  let isWell = false;
  const tunnels = new Set<Duplex>();
  const server = createServer();
  server.on('connect', (request, client: Duplex) => void open(request.url ?? '', client));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function open(target: string, client: Duplex): Promise<void> {
    tunnels.add(client);
    client.on('error', () => client.destroy()).on('close', () => tunnels.delete(client));
    const luck = isWell ? 1 : random.next();
    if (luck < 0.2) {
      client.end(`HTTP/1.1 ${random.pick(['403 Forbidden', '502 Bad Gateway', '503 Service Unavailable'])}\r\n\r\n`);
      return;
    }
    if (luck < 0.4) await pause(slowMs);
    const port = Number(target.split(':')[1]);
    const upstream = connect({ port, host: '127.0.0.1' }, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  }
  return {
    port: (server.address() as AddressInfo).port,
    heal() {
      isWell = true;
    },
    async close() {
      for (const tunnel of tunnels) tunnel.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

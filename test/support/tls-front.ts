import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';

/** A TLS end in front of a server that speaks none, on 127.0.0.1. */
export interface TlsFront {
  readonly port: number;
  /** What came through after TLS, of all connections. */
  readonly bytesSeen: () => number;
  close(): Promise<void>;
}

type Credentials = Pick<TlsOptions, 'cert' | 'key'>;

/** TLS from the first byte on, as Redis has it. */
export async function startTlsFront(credentials: Credentials, port: number): Promise<TlsFront> {
  const front = createFront(port);
  return front.listen(createTlsServer(credentials, front.carry));
}

/** As PostgreSQL has it: asked for in clear, answered by one letter. `null`: it is answered that there is none. */
export async function startPostgresTlsFront(credentials: Credentials | null, port: number): Promise<TlsFront> {
  const front = createFront(port);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (credentials === null) {
        socket.end('N');
        return;
      }
      socket.write('S');
      const secured = new TLSSocket(socket, { isServer: true, ...credentials });
      secured.once('secure', () => front.carry(secured));
      secured.on('error', () => undefined);
    });
  });
  return front.listen(server);
}

function createFront(port: number) {
  let bytesSeen = 0;
  const sockets = new Set<Socket>();
  return {
    carry(from: Socket): void {
      const to = connect(port, '127.0.0.1');
      sockets.add(from).add(to);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
        one.pipe(other);
      }
      from.on('data', (bytes) => (bytesSeen += bytes.length));
    },
    async listen(server: Server): Promise<TlsFront> {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      return {
        port: typeof address === 'object' && address !== null ? address.port : 0,
        bytesSeen: () => bytesSeen,
        async close() {
          for (const socket of sockets) socket.destroy();
          server.close();
          await once(server, 'close');
        },
      };
    },
  };
}

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface ProxyUnderTest {
  readonly url: string;
  /** The heads of the CONNECT requests, in order. */
  readonly asked: readonly string[];
  /** Everything that clients wrote outside a tunnel. */
  readonly outside: () => string;
  close(): Promise<void>;
}

/** A small HTTP proxy: `behave` is called with each whole CONNECT; `tunnel` opens one. */
export async function startProxy(
  behave: (socket: Socket, head: string, nth: number) => void,
  server: Server = createServer(),
): Promise<ProxyUnderTest> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let outside = '';
  const isTls = 'setSecureContext' in server;
  server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let pending = '';
    const read = (chunk: Buffer) => {
      pending += chunk.toString('latin1');
      outside += chunk.toString('latin1');
      if (!pending.includes('\r\n\r\n')) return;
      // What follows on this socket is the tunnel's.
      socket.off('data', read);
      asked.push(pending);
      behave(socket, pending, asked.length);
    };
    socket.on('data', read);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: isTls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    asked,
    outside: () => outside,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Says 200 and carries bytes both ways to the server at `url`. */
export function tunnel(socket: Socket, url: string): void {
  const { hostname, port } = new URL(url);
  const target = connect(Number(port), hostname);
  target.on('error', () => socket.destroy());
  target.on('connect', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(target).pipe(socket);
  });
  socket.on('close', () => target.destroy());
}

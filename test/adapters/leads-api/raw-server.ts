import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server that speaks bytes, so that it can misbehave as no HTTP library would. */
export interface RawServer {
  readonly url: string;
  /** Whole requests, head and body, in the order in which they arrived. */
  readonly requests: readonly string[];
  readonly connections: () => number;
  readonly bytesSeen: () => number;
  close(): Promise<void>;
}

/** `behave` is called with each whole request; `onConnection`, where given, as soon as a connection is accepted. */
export async function startRawServer(
  behave: (socket: Socket, request: string, nth: number) => void,
  {
    onConnection = () => {},
    server = createServer(),
  }: { onConnection?: (socket: Socket) => void; server?: Server } = {},
): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let bytesSeen = 0;
  const isTls = 'setSecureContext' in server;
  server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    onConnection(socket);
    let pending = '';
    socket.on('data', (chunk) => {
      bytesSeen += chunk.length;
      pending += chunk.toString('latin1');
      for (let size = requestLength(pending); size !== null; size = requestLength(pending)) {
        requests.push(Buffer.from(pending.slice(0, size), 'latin1').toString());
        pending = pending.slice(size);
        behave(socket, requests.at(-1) ?? '', requests.length);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    bytesSeen: () => bytesSeen,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A whole answer, as HTTP/1.1 writes it. */
export function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
  return `HTTP/1.1 ${status} Said\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): string {
  return answer(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
}

function requestLength(bytes: string): number | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const length = Number(/^content-length: (\d+)$/im.exec(bytes.slice(0, end))?.[1] ?? 0);
  return bytes.length >= end + 4 + length ? end + 4 + length : null;
}

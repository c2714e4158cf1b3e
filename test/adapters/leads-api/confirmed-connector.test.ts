import { PassThrough } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { onceTaken } from '../../../src/adapters/leads-api/confirmed-connector.ts';

/** What is told of a connection with which this happens after the handshake. */
async function told(happen: (socket: TLSSocket) => void, patienceMs = 60_000): Promise<readonly (Error | null)[]> {
  const all: (Error | null)[] = [];
  const socket = new TLSSocket(new PassThrough());
  await new Promise<void>((resolve) => {
    onceTaken(socket, patienceMs, (refusal) => {
      all.push(refusal);
      resolve();
    });
    happen(socket);
  });
  // Whoever has the connection now hears of what comes later, and nobody else.
  socket.on('error', () => undefined);
  socket.emit('error', new Error('later'));
  expect(socket.listenerCount('session')).toBe(0);
  socket.destroy();
  return all;
}

const ticket = Buffer.from('ticket');

test('a server that gives a ticket has taken us, and so has one that says nothing in its time', async () => {
  expect(await told((socket) => socket.emit('session', ticket))).toEqual([null]);
  expect(await told(() => undefined, 5)).toEqual([null]);
});

test('a server that sends an alert or hangs up has not', async () => {
  const alert = Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
  expect(await told((socket) => socket.emit('error', alert))).toEqual([alert]);
  expect(await told((socket) => socket.emit('end'))).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
  expect(await told((socket) => socket.destroy())).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
});

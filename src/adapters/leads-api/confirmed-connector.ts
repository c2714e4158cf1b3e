import { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';

/** A server on this machine shakes hands within a millisecond and may still need some for a certificate. */
const leastPatienceMs = 50;
const mostPatienceMs = 1_000;

/**
 * Hands a connection over once the server has taken us as we are. In TLS 1.3 our side of a handshake is over before the
 * server has looked at our certificate: whoever writes at once finds out by a broken connection that it was refused, and
 * a request that was written then counts as maybe sent. A server that has accepted us says so with a session ticket, and
 * one that has not sends an alert or hangs up. One that sends no ticket is waited for as long as the handshake has taken,
 * which is more than one way there and back. Only what is known before a request is written changes by this; how one that
 * was written is judged does not.
 */
export function confirmed(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const from = performance.now();
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      if (!(socket instanceof TLSSocket) || socket.getProtocol() !== 'TLSv1.3') return callback(null, socket);
      const patienceMs = Math.min(mostPatienceMs, Math.max(leastPatienceMs, performance.now() - from));
      onceTaken(socket, patienceMs, (refusal) => {
        if (refusal === null) return callback(null, socket);
        socket.destroy();
        callback(refusal, null);
      });
    });
  };
}

/** Tells once whether the server refuses us after its own part of the handshake; null: it doesn't, or was given its time. */
export function onceTaken(socket: TLSSocket, patienceMs: number, tell: (refusal: Error | null) => void): void {
  function end(refusal: Error | null): void {
    clearTimeout(timer);
    socket.off('session', onTaken).off('error', end).off('end', onEnd).off('close', onEnd);
    tell(refusal);
  }
  const onTaken = (): void => end(null);
  // As Node calls a server that hangs up within the handshake.
  const onEnd = (): void =>
    end(Object.assign(new Error('the server hung up after the handshake'), { code: 'ECONNRESET' }));
  const timer = setTimeout(onTaken, patienceMs);
  socket.once('session', onTaken).once('error', end).once('end', onEnd).once('close', onEnd);
}

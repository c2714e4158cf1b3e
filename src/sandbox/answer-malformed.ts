import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { sendMalformedAddress } from './ficha-gestion/malformed-address.ts';
import { unreadableBody } from './unreadable.ts';

/** Answers an address that can't be decoded: as a page below the Ficha Gestión, else as JSON. No hook has run before. */
export function answerMalformedAddress(
  { statusCode = 400 }: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  reply.header('x-leads-sandbox', '1');
  if (request.url.startsWith('/ficha-gestion')) return void sendMalformedAddress(reply);
  reply.code(statusCode).send(unreadableBody(statusCode, 'The address is malformed.'));
}

const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what is no HTTP, has too long headers or never ends; there is no request yet that could be replied to. */
export function answerMalformedRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statuses[error.code ?? ''] ?? 400;
  const said = unreadableBody(status, 'The request is malformed, too long or too slow.');
  const body = JSON.stringify(said);
  const head = [
    `HTTP/1.1 ${status} ${said.error}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'x-leads-sandbox: 1',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

import type { FastifyRequest } from 'fastify';

/** A name, an IPv4 or a bracketed IPv6 address, maybe with a port: nothing that means anything to a shell or to HTML. */
const safeHost = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;

/**
 * The address that the request was sent to, for commands that the reader copies. Anyone can write anything into a
 * Host header: what is no plain host is answered as the sandbox's default address.
 */
export function baseUrlOf({ protocol, headers: { host } }: Pick<FastifyRequest, 'protocol' | 'headers'>): string {
  return host !== undefined && safeHost.test(host) ? `${protocol}://${host}` : 'http://127.0.0.1:7080';
}

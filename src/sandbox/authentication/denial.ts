import type { FastifyReply } from 'fastify';

/** Why a caller is not let in, as HTTP says it. */
export interface Denial {
  readonly status: 400 | 401 | 403;
  readonly headers: Readonly<Record<string, string>>;
  /** `message` is where the specification says that an error message goes. */
  readonly body: { readonly message: string };
}

export function deny(reply: FastifyReply, { status, headers, body }: Denial): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** 403 for a client whose credentials are right and whose permissions don't reach. */
export const notPermitted: Denial = {
  status: 403,
  headers: {},
  body: { message: 'This client is not permitted to call this endpoint.' },
};

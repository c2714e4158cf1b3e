import type { FastifyRequest } from 'fastify';
import type { Denial } from './denial.ts';
import type { CalledEndpoint } from './sandbox-authentication.ts';

/** Says why a caller may not call an endpoint; null lets them in. Looks at headers only. */
export type Gate = (request: FastifyRequest, endpoint: CalledEndpoint) => Denial | null;

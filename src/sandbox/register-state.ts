import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { refuse, wrongFields } from './endpoints/refusal.ts';
import { readState, stateQuery } from './state.ts';

/** `GET /__sandbox/state`: what the sandbox holds, for tests. 422 for a query that it doesn't understand. */
export function registerState(app: FastifyInstance, pool: Pool): void {
  app.get('/__sandbox/state', async (request, reply) => {
    const query = stateQuery.safeParse(request.query);
    if (!query.success) return reply.code(422).send(refuse(wrongFields(query.error)));
    const state = await readState(pool, query.data);
    return state ?? reply.code(422).send(refuse([{ field: 'after', message: 'is not the leadId of a lead' }]));
  });
}

import type { FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import { refuse, wrongFields } from '../endpoints/refusal.ts';
import type { FaultOrder } from './fault-order.ts';
import type { Faults } from './faults.ts';
import { effects } from './ordered-fault.ts';
import { scenarios } from './scenarios.ts';

/** `/__sandbox/faults`: GET shows what is ordered and what can be, PUT orders, DELETE brings back the calm. */
export function registerFaults(app: FastifyInstance, faults: Faults): void {
  app.get('/__sandbox/faults', async () => ({ ...faults.now(), scenarios, effects }));
  app.put('/__sandbox/faults', async (request, reply) => {
    try {
      faults.order(request.body as FaultOrder);
    } catch (error) {
      if (error instanceof ZodError) return reply.code(422).send(refuse(wrongFields(error)));
      throw error;
    }
    return reply.code(204).send();
  });
  app.delete('/__sandbox/faults', async (_request, reply) => {
    faults.order({ latencyMs: 0 });
    return reply.code(204).send();
  });
}

import type { FastifyInstance } from 'fastify';
import { defaultAccount } from '../../domain/account.ts';
import type { Console } from '../console.ts';

const patienceMs = 2_000;

/**
 * `/healthz`: this process answers. `/readyz`: and its ledger answers it within two seconds. Open to everybody, as they
 * say nothing else; an outage of the Leads API is no reason to take anybody out of service.
 */
export function registerHealth(app: FastifyInstance, { ports }: Pick<Console, 'ports'>): void {
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    const isReady = await Promise.race([
      ports.ledger.stops(defaultAccount).then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => void setTimeout(resolve, patienceMs, false).unref()),
    ]);
    return isReady ? reply.send({ status: 'ready' }) : reply.code(503).send({ status: 'the ledger does not answer' });
  });
}

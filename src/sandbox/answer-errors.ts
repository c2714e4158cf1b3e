import type { FastifyError, FastifyInstance, HTTPMethods } from 'fastify';
import { unreadableBody } from './unreadable.ts';

const methods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'DELETE'];

/**
 * Answers where no endpoint does: requests that can't be read, paths and methods that there are not, and what nobody has
 * foreseen. Of the last nothing is told: a database's words may hold values of people.
 */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>(async ({ statusCode = 500, message }, _request, reply) => {
    if (statusCode < 500) return reply.code(statusCode).send(unreadableBody(statusCode, message));
    return reply.code(500).send({ message: 'The sandbox could not do its work. Is its PostgreSQL running?' });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const [path = ''] = request.url.split('?');
    const allowed = methods.filter((method) => app.hasRoute({ method, url: path })).join(', ');
    if (allowed === '') return reply.code(404).send(unreadableBody(404, 'There is no such path.'));
    return reply
      .code(405)
      .header('allow', allowed)
      .send(unreadableBody(405, `This path takes ${allowed}.`));
  });
}

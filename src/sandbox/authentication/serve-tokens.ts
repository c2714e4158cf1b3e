import type { FastifyError, FastifyInstance } from 'fastify';
import type { Faults } from '../faults/faults.ts';
import { meetFate } from '../faults/meet-fate.ts';
import type { IssuedTokens } from './issued-tokens.ts';
import type { OAuth2Authentication } from './sandbox-authentication.ts';
import { answerTokenRequest, refuseTooLong } from './token-endpoint.ts';

export const tokenPath = '/oauth/token';

/** `POST /oauth/token` over HTTP. Faults strike it where they name it. */
export function serveTokens(
  app: FastifyInstance,
  authentication: OAuth2Authentication,
  tokens: IssuedTokens,
  { faults, closing }: { readonly faults: Faults; readonly closing: AbortSignal },
): void {
  app.register(async (scope) => {
    // Read here, where a parameter that stands twice can be told, and a wrong content type be answered as OAuth has it.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<FastifyError>(async (error, _request, reply) => {
      if (error.statusCode !== 413) throw error;
      const { status, headers = {}, body } = refuseTooLong();
      return reply.code(status).headers(headers).send(body);
    });
    scope.post(tokenPath, (request, reply) => {
      const work = async () =>
        answerTokenRequest(authentication, tokens, {
          authorization: request.headers.authorization,
          contentType: request.headers['content-type'],
          body: typeof request.body === 'string' ? request.body : '',
        });
      const fate = faults.meet({ endpoint: 'token', partnerLeadId: null, nif: null, leadId: null });
      return meetFate(fate, { work, request, reply, closing });
    });
  });
}

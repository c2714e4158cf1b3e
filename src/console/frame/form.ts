import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Lets an app read forms as browsers send them. */
export function readForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
}

/** The first value of a form's field; '' where there is none. */
export function fieldOf({ body }: Pick<FastifyRequest, 'body'>, name: string): string {
  return body instanceof URLSearchParams ? (body.get(name) ?? '').replaceAll('\0', '') : '';
}

/** All values of a form's field. */
export function fieldsOf({ body }: Pick<FastifyRequest, 'body'>, name: string): readonly string[] {
  return body instanceof URLSearchParams ? body.getAll(name).map((value) => value.replaceAll('\0', '')) : [];
}

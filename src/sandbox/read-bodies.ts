import type { FastifyInstance, FastifyRequest } from 'fastify';
import { repeatsField } from './repeats-field.ts';
import { Unreadable } from './unreadable.ts';

/**
 * Reads JSON and forms, in UTF-8. Another type, charset or a compressed body is a 415; what is not UTF-8, not JSON or not form-encoded is a
 * 400, and so is one that has a field twice. Nothing is replaced or left out on the way.
 */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const reading = (parse: (text: string) => unknown) => async (request: FastifyRequest, body: Buffer) =>
    parse(textOf(request, body));
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, reading(parseJson));
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, reading(parseForm));
}

function textOf({ headers }: FastifyRequest, body: Buffer): string {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^(?:utf-?8|us-ascii)$/i.test(charset)) throw new Unreadable(415, 'The body has to be in UTF-8.');
  // To take it as it is would call a compressed body "not UTF-8", which it may well be.
  const coding = headers['content-encoding'] ?? 'identity';
  if (!/^identity$/i.test(coding)) throw new Unreadable(415, 'The body must not be compressed.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Unreadable(400, 'The body is not UTF-8.');
  }
}

function parseJson(text: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Unreadable(400, 'The body is not JSON.');
  }
  if (repeatsField(text)) throw new Unreadable(400, 'The body has a field twice.');
  return body;
}

function parseForm(text: string): unknown {
  try {
    // URLSearchParams puts U+FFFD in the place of bytes that are not UTF-8, and says nothing.
    decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Unreadable(400, 'The form is not percent-encoded UTF-8.');
  }
  const form = new URLSearchParams(text);
  const names = [...form.keys()];
  if (new Set(names).size < names.length) throw new Unreadable(400, 'The form has a field twice.');
  return Object.fromEntries(form);
}

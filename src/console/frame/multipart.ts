import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Lets the routes of an app have forms with a file: their body is the stream as it comes, and `readMultipart` reads it. */
export function acceptMultipart(app: FastifyInstance): void {
  app.addContentTypeParser('multipart/form-data', (_request, payload, done) => done(null, payload));
}

const limits = {
  fieldNameSize: 100,
  fieldSize: 2_000,
  fields: 20,
  files: 1,
  parts: 25,
  headerPairs: 50,
  headerSize: 8_192,
};

/**
 * Reads such a form: its fields, and its file, which `take` is given as it comes; `drop` is given back what was taken of a
 * form that breaks off. Null: it is no such form.
 */
export async function readMultipart<T>(
  { body, headers }: Pick<FastifyRequest, 'body' | 'headers'>,
  { take, drop }: { take(content: AsyncIterable<Uint8Array>): Promise<T>; drop(taken: T): Promise<void> },
): Promise<{ readonly fields: URLSearchParams; readonly taken: T | null } | null> {
  const type = headers['content-type'];
  if (type === undefined || !isStream(body)) return null;
  const fields = new URLSearchParams();
  const files: Promise<T>[] = [];
  const form = open({ ...headers, 'content-type': type });
  form.on('field', (name, value) => fields.append(name, value));
  form.on('file', (_name, content) => {
    // Of a form that breaks off, before anybody reads: without a listener it would end the process. The form says it, too.
    content.on('error', () => undefined);
    const taking = take(content).finally(() => content.resume());
    taking.catch(() => undefined);
    files.push(taking);
  });
  try {
    await pipeline(body, form);
  } catch (cause) {
    for (const taken of await Promise.allSettled(files)) if (taken.status === 'fulfilled') await drop(taken.value);
    throw unreadable(cause);
  }
  const [taken = null] = await Promise.all(files);
  return { fields, taken };
}

function open(headers: ConstructorParameters<typeof Busboy>[0]['headers']) {
  try {
    return new Busboy({ headers, limits });
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** As the server takes it: the browser's fault, and not ours. */
function unreadable(cause: unknown): Error {
  return Object.assign(new Error('a form that can not be read', { cause }), { statusCode: 400 });
}

function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}

import type { DescribedEndpoint } from './described-endpoints.ts';
import { exampleRefusal } from './example-answers.ts';
import type { AuthenticationMode } from './security-scheme.ts';

const text = { type: 'string' } as const;
const message = { ...text, description: 'What is wrong, for people.' } as const;

/** The bodies of answers that are not the endpoint's own. */
export const errorSchemas = {
  Ko: {
    type: 'object',
    description: 'An incident that is told with status 200.',
    properties: { status: { ...text, const: 'KO' }, message },
    required: ['status'],
  },
  Refusal: {
    type: 'object',
    description: 'Every field that is wrong, at once. Nothing was done.',
    properties: {
      message,
      errors: {
        type: 'array',
        items: {
          type: 'object',
          properties: { field: { ...text, description: 'The name of the field in the body.' }, message },
          required: ['field', 'message'],
        },
      },
    },
    required: ['message', 'errors'],
  },
  Message: { type: 'object', properties: { message }, required: ['message'] },
  GatewayFault: {
    type: 'object',
    description: 'A gateway in front of the API, speaking for itself; a rate limit among its reasons.',
    properties: {
      fault: {
        type: 'object',
        properties: {
          faultstring: message,
          detail: { type: 'object', properties: { errorcode: text }, required: ['errorcode'] },
        },
        required: ['detail'],
      },
    },
    required: ['fault'],
  },
  Unreadable: {
    type: 'object',
    description: 'The request did not reach the endpoint.',
    properties: { statusCode: { type: 'integer' }, error: text, code: text, message },
    required: ['statusCode', 'error', 'message'],
  },
} as const;

/** The answers other than 200 of an endpoint, by status: its own, those of the server before it, and those of faults. */
export function errorAnswers({ refuses }: DescribedEndpoint, authentication: AuthenticationMode): object {
  return {
    '3XX': {
      description: 'Sent elsewhere, by a fault. Whether it was carried out is unknown.',
      headers: { Location: { description: 'Where to.', schema: text } },
    },
    400: answer('What was sent is not JSON, not UTF-8, a body that has a field twice, or not HTTP.', 'Unreadable'),
    ...(authentication === 'none' ? {} : authenticationAnswers(authentication)),
    404: answer('There is no such path: the base URL is another one. Nothing was done.', 'Unreadable'),
    405: {
      ...answer('The path does not take this method. Nothing was done.', 'Unreadable'),
      headers: { Allow: { description: 'The methods that there are.', schema: text } },
    },
    413: answer('The body is longer than 64 KiB.', 'Unreadable'),
    415: answer('The body is neither JSON nor a form, in another charset than UTF-8, or compressed.', 'Unreadable'),
    422: answer(
      `Refused; nothing was done. Fields that are missing, too long or of the wrong form, or ${refuses}.`,
      'Refusal',
      exampleRefusal,
    ),
    429: {
      ...answer('Too many requests. Nothing was done.', 'Message', { message: 'Too many requests' }),
      headers: retryAfter,
    },
    431: answer('The headers are longer than 16 KiB.', 'Unreadable'),
    500: answer('An incident. After an alta lead nobody knows whether the lead exists.', ['Message', 'GatewayFault']),
    502: {
      description: 'A gateway had no answer, and says so in HTML. Whether it was carried out is unknown.',
      content: { 'text/html': { schema: text } },
    },
    503: {
      ...answer('Out of service for a while. Nothing was done.', 'Message', { message: 'Down for maintenance' }),
      headers: retryAfter,
    },
    default: answer('A gateway, speaking for itself with a status of its own.', 'GatewayFault'),
  };
}

function authenticationAnswers(mode: Exclude<AuthenticationMode, 'none'>): object {
  const denied = answer('Known, and not permitted to call this. Nothing was done.', 'Message');
  return {
    401: { ...answer('Credentials are missing, wrong or expired. Nothing was done.', 'Message'), headers: challenge },
    403: mode === 'oauth2' ? { ...denied, headers: challenge } : denied,
    ...(mode === 'oauth2'
      ? {
          400: {
            ...answer('Unreadable, or an Authorization header that holds no token.', ['Unreadable', 'Message']),
            headers: challenge,
          },
        }
      : {}),
  };
}

const challenge = { 'WWW-Authenticate': { description: 'How to authenticate.', schema: { type: 'string' } } };

const retryAfter = {
  'Retry-After': {
    description: 'When to come again: seconds, or an HTTP date.',
    schema: { type: 'string' },
    example: '30',
  },
};

type ErrorName = keyof typeof errorSchemas;

function answer(description: string, names: ErrorName | readonly ErrorName[], example?: object): object {
  const refs = [names].flat().map((name) => ({ $ref: `#/components/schemas/${name}` }));
  return {
    description,
    content: {
      'application/json': {
        schema: refs.length === 1 ? refs[0] : { anyOf: refs },
        ...(example === undefined ? {} : { example }),
      },
    },
  };
}

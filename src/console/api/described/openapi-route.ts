import { z } from 'zod';
import type { ConsoleSettings } from '../../ports.ts';
import { named } from '../contract/schemas.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { openApiOf } from './openapi.ts';

const openApi = named('OpenApi', z.looseObject({ openapi: z.string() }));

/** `GET /api/openapi.json`: all routes, this one too. */
export function openApiRoute(routes: readonly Route[], settings: Pick<ConsoleSettings, 'version'>): Route {
  const own: Route = defineRoute(
    {
      area: 'overview',
      method: 'GET',
      needs: 'viewer',
      path: '/openapi.json',
      id: 'readOpenApi',
      says: 'This API, described.',
      answer: openApi,
    },
    async () => done(document),
  );
  const document = openApiOf([...routes, own], settings);
  return own;
}

import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Role } from '../../src/console/ports.ts';
import { askOf, type TestConsole } from './a-console.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  // Tests look into it at will.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

export interface Machine {
  readonly token: string;
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  ask(request: InjectOptions): Promise<ApiAnswer>;
}

/** A machine user with a token of its own, that asks below /api. */
export function aMachine(the: TestConsole, name: string, role: Role, app: FastifyInstance = the.app): Machine {
  return machineWith(the.aToken(name, role), app);
}

export function machineWith(token: string, app: FastifyInstance): Machine {
  const ask = (request: InjectOptions): Promise<ApiAnswer> =>
    askApi(app, { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } });
  return {
    token,
    ask,
    get: (path) => ask({ method: 'GET', url: `/api${path}` }),
    post: (path, body, headers = {}) =>
      ask({
        method: 'POST',
        url: `/api${path}`,
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }),
  };
}

export async function askApi(app: FastifyInstance, request: InjectOptions): Promise<ApiAnswer> {
  const { status, headers, body } = await askOf(app, request);
  return { status, headers, text: body, json: body === '' ? null : JSON.parse(body) };
}

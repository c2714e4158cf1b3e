import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusOfCode } from '../../src/console/api/refusal.ts';
import { refusalsOf } from '../../src/console/api/described/openapi.ts';
import { routesOf } from '../../src/console/api/routes.ts';
import type { Route } from '../../src/console/api/route.ts';
import type { Console } from '../../src/console/console.ts';
import { faults, isFaultCode } from '../../src/domain/faults.ts';
import { aConsole, type TestConsole } from '../console/a-console.ts';
import { aMachine, type Machine } from '../console/an-api.ts';

const path = join(import.meta.dirname, '../../docs/api.md');
const text = readFileSync(path, 'utf8');
const begin =
  '<!-- generated from src/console/api/routes.ts: npx vitest run --config test/vitest.config.ts test/docs/api.test.ts -u -->';
const end = '<!-- end -->';

let the: TestConsole;
let crm: Machine;
let routes: readonly Route[];
beforeAll(async () => {
  the = await aConsole('docs api');
  crm = aMachine(the, 'crm', 'admin');
  const settings = { version: '0.1.0', surroundings: the.example.opened.surroundings };
  routes = routesOf({ ports: the.ports, settings, verifier: undefined } as unknown as Console);
});
afterAll(() => the.close());

/** The part of docs/api.md that is made from the routes. */
function reference(): string {
  const areas = Map.groupBy(routes, ({ area }) => area);
  const lines = ({ method, path: of, needs, says }: Route) => `| \`${method} /api${of}\` | ${needs} | ${says} |`;
  return [...areas]
    .map(
      ([area, own]) => `\n### ${area}\n\n| path | role | does |\n| --- | --- | --- |\n${own.map(lines).join('\n')}\n`,
    )
    .join('');
}

interface Played {
  readonly request: string;
  readonly status: number;
  readonly answer: unknown;
}

const examples: readonly Played[] = [...text.matchAll(/```http\n([\s\S]*?)```\n+```json (\d{3})\n([\s\S]*?)```/g)].map(
  ([, request = '', status, answer = '']) => ({ request, status: Number(status), answer: JSON.parse(answer) }),
);

/** What the example says that is not so: a name that is not there, another kind of value, another code. */
function untrue(told: unknown, real: unknown, at = ''): readonly string[] {
  if (told === null || real === null || typeof told !== typeof real) return told === real ? [] : [at];
  if (Array.isArray(told) !== Array.isArray(real)) return [at];
  if (Array.isArray(told)) return told.flatMap((one, n) => untrue(one, (real as unknown[])[n], `${at}[${n}]`));
  if (typeof told === 'object')
    return Object.entries(told).flatMap(([name, value]) =>
      Object.hasOwn(real as object, name)
        ? untrue(value, (real as Record<string, unknown>)[name], `${at}.${name}`)
        : [`${at}.${name}`],
    );
  return /\.(code|state|class|outcome|evidence|version)$/.test(at) && told !== real
    ? [`${at}: ${JSON.stringify(real)}`]
    : [];
}

describe('docs/api.md', () => {
  it('lists every path that is served, and no other', async () => {
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    expect(after).toBeDefined();
    await expect(`${before}${begin}\n${reference()}\n${end}${after}`).toMatchFileSnapshot(path);
  });

  it('tells examples that are so, played one after the other', async () => {
    expect(examples.length).toBeGreaterThan(12);
    let seen = '';
    for (const { request, status, answer } of examples) {
      const [head = '', body = ''] = request.replaceAll('SEEN', seen).split('\n\n');
      const [line = '', ...headers] = head.trim().split('\n');
      const [method = '', url = ''] = line.split(' ');
      const given = headers.map((header) => header.split(': ') as [string, string]);
      const told = await crm.ask({
        method: method as 'GET',
        url,
        ...(body === '' ? {} : { payload: body }),
        headers: { ...Object.fromEntries(given), ...(body === '' ? {} : { 'content-type': 'application/json' }) },
      });
      expect([line, told.status], told.text).toEqual([line, status]);
      expect([line, untrue(answer, told.json)]).toEqual([line, []]);
      seen = (told.json as { seen?: string }).seen ?? seen;
    }
  });

  it('names statuses and codes that there are', () => {
    const codes = text.match(/\bCONSOLE_[A-Z_]+\b/g) ?? [];
    const variables = new Set(['CONSOLE_MACHINES', 'CONSOLE_TLS_CERT', 'CONSOLE_URL']);
    expect(codes.filter((code) => !variables.has(code) && !isFaultCode(code))).toEqual([]);
    const told = [...text.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', ').map(Number));
    expect(Object.values(statusOfCode).filter((status) => !told.includes(status))).toEqual([]);
  });
});

describe('/api/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document of exactly the routes that the server has', async () => {
    const { json } = await crm.get('/openapi.json');
    const { valid, errors } = await new Validator().validate(structuredClone(json));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    const described = Object.entries<Record<string, unknown>>(json.paths).flatMap(([of, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} /api${of}`),
    );
    expect(described.toSorted()).toEqual(servedBelowApi(the.app.printRoutes({ commonPrefix: false })).toSorted());
  });

  it('names what each takes and answers with, and gives each operation a name of its own', async () => {
    const { json } = await crm.get('/openapi.json');
    const operations = Object.values<Record<string, { operationId: string; responses: object }>>(json.paths).flatMap(
      (methods) => Object.values(methods),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { responses } of operations)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '503']));
    const refs = new Set(JSON.stringify(json).match(/#\/components\/schemas\/[A-Za-z]+/g));
    const names = Object.keys(json.components.schemas);
    expect([...refs].map((ref) => ref.split('/').at(-1)).filter((name = '') => !names.includes(name))).toEqual([]);
    expect(json.components.schemas.Act).toMatchObject({ required: ['reason'], additionalProperties: false });
    expect(json.components.schemas.Row.additionalProperties).toBeUndefined();
  });

  it('says with which statuses each refuses what is no body, too much of one, or of nothing that is there', async () => {
    for (const { method, path: of, isUpload } of routes) {
      const at = `/api${of.replace(/\{\w+\}/, '%20')}`;
      const ask = (payload: string | undefined, type = 'application/json') =>
        crm.ask({ method, url: at, ...(payload === undefined ? {} : { payload, headers: { 'content-type': type } }) });
      const answers =
        method === 'GET' || isUpload === true
          ? [await ask(undefined)]
          : [await ask('x', 'text/plain'), await ask('x'.repeat(2_200_000)), await ask('{"nothing":1}')];
      const { json } = await crm.get('/openapi.json');
      const { responses } = json.paths[of][method.toLowerCase()];
      for (const { status } of answers)
        expect([of, Object.keys(responses)]).toEqual([of, expect.arrayContaining([String(status)])]);
    }
  });

  it('says with which codes each may refuse, all of them known', () => {
    for (const route of routes) for (const code of refusalsOf(route)) expect(Object.hasOwn(faults, code)).toBe(true);
    const resolve = routes.find(({ id }) => id === 'resolveRow');
    if (resolve === undefined) throw new Error('unreachable');
    expect(refusalsOf(resolve)).toEqual(
      expect.arrayContaining(['CONSOLE_TOO_EARLY', 'CONSOLE_REASON_REFUSED', 'CONSOLE_ROLE_TOO_LOW']),
    );
  });
});

/** Out of fastify's own drawing of its routes, a tree: `GET /api/files/{file}`, without the HEAD that each GET has. */
function servedBelowApi(drawing: string): readonly string[] {
  const parts: string[] = [];
  return drawing.split('\n').flatMap((line) => {
    const [, indent, part = '', methods = ''] = /^(.*?)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    if (indent === undefined) return [];
    parts.splice(indent.length / 4, Infinity, part);
    const of = parts.join('');
    if (!of.startsWith('/api/') || of.includes('*') || methods === '') return [];
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${of.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}

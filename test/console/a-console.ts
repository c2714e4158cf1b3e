import { randomBytes, scryptSync } from 'node:crypto';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { createUploads } from '../../src/adapters/files/uploads.ts';
import { createCallTallies } from '../../src/adapters/ledger/call-tallies.ts';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import type { CallTallies } from '../../src/app/ports/call-tallies.ts';
import type { LogEvent } from '../../src/app/ports/log.ts';
import { createConsole } from '../../src/console/console.ts';
import type { ConsolePorts, ConsoleSettings, ConsoleUser, Role } from '../../src/console/ports.ts';
import { machineTokens } from '../../src/adapters/crypto/machine-tokens.ts';
import type { MachineUser } from '../../src/app/ports/machine-users.ts';
import { consolePorts } from '../../src/main/open-console.ts';
import { exampleLedger, type ExampleLedger } from '../cli/a-ledger.ts';

export const password = 'correcto caballo pila';

/** A user with the password above, hashed as cheaply as settings allow. */
export function aUser(name: string, role: Role): ConsoleUser {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 2 ** 14, r: 8, p: 1 });
  return { name, role, password: `scrypt:14:8:1:${salt.toString('base64url')}:${hash.toString('base64url')}` };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: string;
  /** Where it leads. */
  readonly location: string;
}

export interface TestConsole {
  readonly app: FastifyInstance;
  readonly example: ExampleLedger;
  readonly ports: ConsolePorts;
  readonly tallies: CallTallies;
  /** What it logged. */
  readonly events: readonly (readonly [LogEvent, unknown])[];
  /** Asks without a cookie. */
  ask(request: string | InjectOptions): Promise<Answer>;
  /** A token of a machine user of this role, made now. */
  aToken(name: string, role: Role, expiresAt?: Date): string;
  /** As somebody takes it away. */
  revoke(token: string): void;
  /** Logs in; answers what asks with the session's cookie. */
  logIn(name: string): Promise<Session>;
  /** A console of other settings on the same ledger. */
  beside(over: Partial<ConsoleSettings>, ports?: Partial<ConsolePorts>): FastifyInstance;
  /** What was audited, oldest first. */
  audited(action: string): Promise<readonly Audited[]>;
  close(): Promise<void>;
}

interface Audited {
  readonly actor: string;
  readonly detail: unknown;
}

export interface Session {
  readonly cookie: string;
  ask(request: string | InjectOptions): Promise<Answer>;
  /** Posts a form with the token of the page. */
  post(url: string, form?: Readonly<Record<string, string>>): Promise<Answer>;
}

export const host = '127.0.0.1:7070';

/** A console that does not listen, on the example ledger of the command line's tests. */
export async function aConsole(
  label: string,
  over: Partial<ConsoleSettings> = {},
  before?: Parameters<typeof exampleLedger>[1],
): Promise<TestConsole> {
  const example = await exampleLedger(label, before);
  const database = openDatabase(example.url, { max: 3 });
  const uploads = createUploads({ mostBytes: 100_000 });
  const events: (readonly [LogEvent, unknown])[] = [];
  const machines = new Map<string, MachineUser>();
  const ports = consolePorts(database.db, {
    ...example.opened,
    ownFolders: example.opened.folders,
    board: null,
    uploads,
    machines: { find: (token) => machines.get(machineTokens.hash(token)) ?? null },
    log: { event: (name, fields) => void events.push([name, fields]) },
  });
  const settings: ConsoleSettings = {
    users: [],
    host: '127.0.0.1',
    port: 7070,
    url: null,
    tls: null,
    version: '0.1.0',
    surroundings: example.opened.surroundings,
    ...over,
  };
  const apps: FastifyInstance[] = [];
  const beside: TestConsole['beside'] = (more, otherPorts = {}) => {
    const app = createConsole({ ...ports, ...otherPorts }, { ...settings, ...more });
    apps.push(app);
    return app;
  };
  const app = beside({});
  return {
    app,
    example,
    ports,
    tallies: createCallTallies(database.db),
    events,
    beside,
    ask: (request) => askOf(app, request),
    aToken(name, role, expiresAt) {
      const token = machineTokens.make();
      const tokenHash = machineTokens.hash(token);
      machines.set(tokenHash, { name, role, tokenHash, madeAt: new Date(), expiresAt: expiresAt ?? null });
      return token;
    },
    revoke: (token) => void machines.delete(machineTokens.hash(token)),
    logIn: (name) => logIn(app, name),
    async audited(action) {
      const entries = await example.opened.auditTrail.log.entries('0', 100_000);
      return entries
        .map(({ line }) => JSON.parse(line) as Audited & { readonly action: string })
        .filter((entry) => entry.action === action)
        .map(({ actor, detail }) => ({ actor, detail }));
    },
    async close() {
      await Promise.all(apps.map((one) => one.close()));
      await uploads.close();
      await database.close();
      await example.close();
    },
  };
}

export async function askOf(app: FastifyInstance, request: string | InjectOptions): Promise<Answer> {
  const options = typeof request === 'string' ? { url: request } : request;
  // Undefined: not sent at all.
  const headers = Object.entries({ host, ...options.headers }).filter(([, value]) => value !== undefined);
  const answer = await app.inject({ method: 'GET', ...options, headers: Object.fromEntries(headers) });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body,
    location: String(answer.headers.location ?? ''),
  };
}

/** As a browser does it: the form first, then its post. */
export async function logIn(app: FastifyInstance, name: string, given = password, next = '/'): Promise<Session> {
  const answer = await tryLogIn(app, { name, password: given, next });
  if (answer.status !== 303) throw new Error(`${name} is not let in: ${answer.status}`);
  const cookie = cookiesOf(answer).find((one) => !one.includes('-form')) ?? '';
  const session: Session = {
    cookie,
    ask: (request) => {
      const options = typeof request === 'string' ? { url: request } : request;
      return askOf(app, { ...options, headers: { cookie, ...options.headers } });
    },
    async post(url, form = {}) {
      const page = await session.ask('/');
      return session.ask(postOf(url, { form: formTokenIn(page.body), ...form }));
    },
  };
  return session;
}

export async function tryLogIn(
  app: FastifyInstance,
  form: Readonly<Record<string, string>>,
  more: Pick<InjectOptions, 'remoteAddress'> = {},
): Promise<Answer> {
  const page = await askOf(app, '/login');
  const request = postOf('/login', { form: formTokenIn(page.body), next: '/', ...form });
  return askOf(app, { ...request, ...more, headers: { ...request.headers, cookie: cookiesOf(page).join('; ') } });
}

export function postOf(url: string, form: Readonly<Record<string, string>>): InjectOptions {
  return {
    method: 'POST',
    url,
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
  };
}

/** The hidden fields of a page's form, by where it is posted to. Throws where the page has no such form. */
export function fieldsOf(body: string, action: string): Readonly<Record<string, string>> {
  const form = body.split('<form').find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`no form to ${action}`);
  const inputs = form.split('</form>')[0]?.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g) ?? [];
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value.replaceAll('&quot;', '"')]));
}

/** What people read. */
export function textOf(body: string): string {
  return body
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
}

export function formTokenIn(body: string): string {
  return /name="form" value="([^"]+)"/.exec(body)?.[1] ?? '';
}

export function cookiesOf({ headers }: Pick<Answer, 'headers'>): readonly string[] {
  return [headers['set-cookie'] ?? []].flat().map((cookie) => String(cookie).split(';')[0] ?? '');
}

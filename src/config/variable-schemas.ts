import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { isTimeZone } from './time-zone.ts';
import type { VariableName } from './variables.ts';
import { isWebhookSecret, isWebhookUrl } from './webhook-url.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Visible ASCII with blanks inside: anything else would break the request apart or be refused by undici on every call.
const visible = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/;

/** What `leadsync console-user` writes. A password in clear would be one in the environment of every process. */
const keptPassword = /^scrypt:1[4-9]:\d{1,2}:\d{1,2}:[\w-]{22}:[\w-]{43}$/;

// One that a header can hold as it is.
const mailAddress = /^([^<>@,\r\n"]+ <[^\s<>@,"]+@[^\s<>@,"]+>|[^\s<>@,"]+@[^\s<>@,"]+)$/;

/** How each variable is read. A schema's description is what a fault says was expected. */
export const variableSchemas = {
  LEADSYNC_HOME: absolutePath(),
  LEADSYNC_PARTNERS: absolutePath(),
  LEADSYNC_INBOX: absolutePath(),
  LEADSYNC_OUTBOX: absolutePath(),
  LEADSYNC_ARCHIVE: absolutePath(),
  LEADSYNC_REJECTED: absolutePath(),
  LEADSYNC_SPOOL: absolutePath(),
  LEADSYNC_CHECKPOINTS: absolutePath(),
  LEADSYNC_TIME_ZONE: z.string().refine(isTimeZone).describe('a time zone such as Europe/Madrid'),
  LEADSYNC_SECRET_KEY: key(),
  LEADSYNC_SECRET_KEY_OLD: key(),
  LEADSYNC_AUDIT_KEY: key(),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'a postgres:// URL'),
  DATABASE_ADMIN_URL: url(['postgres:', 'postgresql:'], 'a postgres:// URL'),
  REDIS_URL: url(['redis:', 'rediss:'], 'a redis:// or rediss:// URL'),
  REDIS_TLS_CA: absolutePath(),
  LEADSYNC_ALLOW_PLAIN_STORES: oneOf('true', 'false').transform((text) => text === 'true'),
  LEADSYNC_QUEUE_BACKEND: oneOf('auto', 'redis', 'postgres'),
  LEADS_API_URL: apiUrl(),
  LEADS_API_ENVIRONMENT: oneOf('sandbox', 'test', 'production'),
  LEADS_API_VERSION: z
    .string()
    .regex(/^\d+(\.\d+)*$/)
    .describe('a version such as 1.2.5'),
  LEADS_API_CLIENT_DATA: endpoint(['GET', 'POST', 'PUT', 'PATCH'], 'nif'),
  LEADS_API_ALTA_LEAD: endpoint(['POST', 'PUT', 'PATCH'], null),
  LEADS_API_UPDATE_LEAD: endpoint(['POST', 'PUT', 'PATCH'], 'leadId'),
  LEADS_API_BODY: oneOf('json', 'form'),
  LEADS_API_PHONE_FORMAT: oneOf('national', 'e164'),
  LEADS_API_RETRY_AMBIGUOUS: oneOf('true', 'false').transform((text) => text === 'true'),
  LEADS_API_KO: koMessages(),
  LEADS_API_STATUS: knownStatuses(),
  LEADS_API_HEADERS: headers(),
  LEADS_API_CONTACT: z
    .string()
    .regex(/^[\x20-\x7e]{1,100}$/)
    .describe('up to 100 plain characters'),
  LEADS_API_AUTH: oneOf('none', 'basic', 'api-key', 'oauth2'),
  LEADS_API_CLIENT_ID: z.string(),
  LEADS_API_CLIENT_SECRET: z.string(),
  LEADS_API_TOKEN_URL: apiUrl(),
  LEADS_API_SCOPE: z.string(),
  LEADS_API_AUDIENCE: z.string(),
  LEADS_API_TOKEN_PARAMS: texts(),
  LEADS_API_TOKEN_CREDENTIALS: oneOf('header', 'body'),
  LEADS_API_KEY: headerValue(),
  LEADS_API_KEY_HEADER: headerName(),
  LEADS_API_ALLOW_HTTP: oneOf('true', 'false').transform((text) => text === 'true'),
  LEADS_API_TLS_CERT: absolutePath(),
  LEADS_API_TLS_KEY: absolutePath(),
  LEADS_API_TLS_CA: absolutePath(),
  LEADS_API_PROXY: proxyUrl(),
  LEADS_API_TIMEOUT_MS: integer(100, 300_000),
  LEADS_API_SEND_BUDGET_MS: integer(10, 60_000),
  LEADS_API_RATE_PER_SECOND: z
    .string()
    .regex(/^\d{1,5}(\.\d+)?$/)
    .transform(Number)
    .describe('a number from 0 to 99999'),
  LEADS_API_CONCURRENCY: integer(1, 1_000),
  LEADSYNC_ROWS_CONCURRENCY: integer(1, 10_000),
  LEADSYNC_ARRIVAL_AGE_MS: integer(0, 3_600_000),
  LEADSYNC_QUIET_PERIOD_MS: integer(100, 7 * 24 * 3_600_000),
  LEADSYNC_DEADLINE_MS: integer(100, 3_600_000),
  LEADSYNC_UPDATE_PATIENCE_MS: integer(0, 90 * 24 * 3_600_000),
  LEADSYNC_TIME_SCALE: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .refine((scale) => scale > 0)
    .describe('a number above 0'),
  LEADSYNC_SUMMARY_AT: z
    .string()
    .regex(/^(0\d|1[01]):[0-5]\d$|^12:00$/)
    .describe('an hour from 00:00 to 12:00'),
  LEADSYNC_SUMMARY_EMAIL: addresses(),
  LEADSYNC_SUMMARY_WEBHOOK: webhookUrl(),
  LEADSYNC_SUMMARY_WEBHOOK_SECRET: webhookSecrets(),
  LEADSYNC_WEBHOOK_NETWORKS: networks(),
  SMTP_URL: smtpUrl(),
  SMTP_USER: z.string(),
  SMTP_PASSWORD: z.string(),
  SMTP_FROM: z.string().regex(mailAddress).describe('an e-mail address, or Name <address>'),
  SMTP_TLS_CA: absolutePath(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:'], 'an http:// or https:// URL'),
  OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders(),
  OTEL_SERVICE_NAME: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/)
    .describe('up to 100 plain characters'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/)
    .transform(Number)
    .describe('a number from 0 to 1'),
  CONSOLE_HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .describe('an address or host name'),
  CONSOLE_PORT: integer(0, 65_535),
  CONSOLE_URL: consoleUrl(),
  CONSOLE_TLS_CERT: absolutePath(),
  CONSOLE_TLS_KEY: absolutePath(),
  CONSOLE_USERS: users(),
  CONSOLE_MACHINES: absolutePath(),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
} satisfies Record<VariableName, z.ZodType>;

function oneOf<const T extends readonly [string, ...string[]]>(...values: T) {
  return z.enum(values).describe(`one of ${values.join(', ')}`);
}

function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(`a whole number from ${min} to ${max}`);
}

function absolutePath() {
  // Relative to what? The current folder of a cron job, a service and a shell are three answers.
  return z.string().refine(isAbsolute).describe('an absolute path');
}

function key() {
  return z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/)
    .transform((text): Uint8Array => new Uint8Array(Buffer.from(text, 'base64')))
    .describe('32 bytes in base64');
}

function url(protocols: readonly string[], expected: string) {
  return z
    .string()
    .refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ''))
    .describe(expected);
}

/** User and password are decoded where they are used, and what can't be would end the process there. */
function proxyUrl() {
  return z
    .string()
    .refine((text) => {
      const parsed = URL.parse(text);
      return parsed !== null && ['http:', 'https:'].includes(parsed.protocol) && isEncoded(parsed);
    })
    .describe('an http:// or https:// URL, user and password percent-encoded');
}

function isEncoded({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function apiUrl() {
  return z
    .string()
    .refine((text) => {
      const parsed = URL.parse(text);
      if (parsed === null || !['https:', 'http:'].includes(parsed.protocol)) return false;
      return parsed.username === '' && parsed.password === '' && parsed.search === '' && parsed.hash === '';
    })
    .describe('an https:// URL without credentials, query or fragment');
}

function endpoint(methods: readonly string[], place: string | null) {
  const places = place === null ? 'no places' : `no place but {${place}}`;
  return z
    .string()
    .regex(/^[A-Za-z]+ +\/[^\s#]*$/)
    .transform((text) => {
      const [method = '', path = ''] = text.split(/ +/);
      return { method: method.toUpperCase(), path };
    })
    .refine(({ method, path }) => {
      const rest = place === null ? path : path.replaceAll(`{${place}}`, '');
      return methods.includes(method) && !/[{}]/.test(rest);
    })
    .describe(`METHOD /path with one of ${methods.join(', ')} and ${places} in the path`);
}

function json(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }
}

function texts() {
  return z.string().transform(json).pipe(z.record(z.string(), z.string())).describe('a JSON object of texts');
}

function koMessages() {
  // A shorter text would be found in nearly every message.
  const messages = z.array(z.string().trim().min(4)).default([]);
  return z
    .string()
    .transform(json)
    .pipe(z.strictObject({ final: messages, retry: messages }))
    .describe('a JSON object with "final" and "retry", lists of texts of 4 characters or more');
}

function knownStatuses() {
  // These stop everybody's work, ask to come back, or may speak of our own earlier attempt: their meaning is not open.
  const settled = new Set([401, 403, 404, 405, 407, 409, 425, 429]);
  const statuses = z
    .array(
      z
        .int()
        .min(400)
        .max(599)
        .refine((status) => !settled.has(status)),
    )
    .default([]);
  return z
    .string()
    .transform(json)
    .pipe(z.strictObject({ final: statuses, retry: statuses }))
    .refine(({ final, retry }) => !final.some((status) => retry.includes(status)))
    .describe(
      `a JSON object with "final" and "retry", lists of statuses from 400 to 599, none in both and none of ${[...settled].join(', ')}`,
    );
}

// These frame the message; set by hand they tear it.
const framing = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

function headerName() {
  return z.string().regex(token).describe('the name of a header');
}

function headerValue() {
  return z.string().regex(visible).describe('plain characters without line breaks');
}

function headers() {
  return z
    .string()
    .transform(json)
    .pipe(z.record(z.string().regex(token), z.string().regex(visible)))
    .refine((record) => Object.keys(record).every((name) => !framing.has(name.toLowerCase())))
    .describe('a JSON object of header names and texts, without those that frame the message');
}

function consoleUrl() {
  return z
    .string()
    .refine((text) => {
      const parsed = URL.parse(text);
      return parsed !== null && ['http:', 'https:'].includes(parsed.protocol) && `${parsed.origin}/` === parsed.href;
    })
    .transform((text) => new URL(text).origin)
    .describe('an http:// or https:// URL without a path');
}

function otlpHeaders() {
  return z
    .string()
    .transform((text) =>
      text.split(',').map((one) => {
        const [name = '', value = ''] = one.split(/=(.*)/s);
        return [name.trim(), decoded(value.trim())] as const;
      }),
    )
    .refine((pairs) => pairs.every(([name, value]) => token.test(name) && visible.test(value)))
    .transform((pairs): Readonly<Record<string, string>> => Object.fromEntries(pairs))
    .describe('name=value with a comma between');
}

/** As W3C Baggage writes values, `Basic%20…`, which is how OpenTelemetry has them. What isn't written so stands for itself. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function addresses() {
  return z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .refine((list) => list.every((address) => mailAddress.test(address)))
    .describe('e-mail addresses with a comma between');
}

function webhookUrl() {
  return z.string().refine(isWebhookUrl).describe('an https:// URL without credentials, or http:// to this machine');
}

function webhookSecrets() {
  return z
    .string()
    .transform((text) => text.trim().split(/\s+/))
    .refine((secrets) => secrets.length <= 2 && secrets.every(isWebhookSecret))
    .describe('whsec_ and 24 to 64 bytes in base64, or two of these with a blank between');
}

function networks() {
  return z
    .string()
    .transform((text) => text.split(',').map((network) => network.trim()))
    .refine((list) => list.every(isNetwork))
    .describe('networks such as 10.1.0.0/16, with a comma between');
}

function isNetwork(text: string): boolean {
  const [base = '', prefix = '', ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(base)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

function smtpUrl() {
  return z
    .string()
    .refine((text) => {
      const parsed = URL.parse(text);
      if (parsed === null || !['smtp:', 'smtps:'].includes(parsed.protocol) || parsed.hostname === '') return false;
      const isBare = parsed.username === '' && parsed.password === '' && parsed.search === '' && parsed.hash === '';
      return isBare && ['', '/'].includes(parsed.pathname);
    })
    .describe('smtp://host:587 or smtps://host:465, without user and password');
}

function users() {
  const user = z.strictObject({
    name: z.string().regex(/^[\w.@-]{1,64}$/),
    role: z.enum(['viewer', 'operator', 'admin']),
    password: z.string().regex(keptPassword),
  });
  return z
    .string()
    .transform(json)
    .pipe(z.array(user))
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length)
    .describe(
      'a JSON list of {"name", "role": viewer, operator or admin, "password" as `leadsync console-user` writes it}, each name once',
    );
}

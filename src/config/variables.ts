/**
 * Every environment variable there is. Parsing takes its defaults from here and docs/configuration.md is generated from
 * here, so neither can say anything else than what happens.
 */
export interface Variable {
  readonly name: string;
  readonly group: string;
  readonly doc: string;
  /** What is parsed where the variable is not set. */
  readonly default?: string;
  /** In words, where the default is computed, or where there is none. */
  readonly defaultsTo?: string;
  /** Never shown, not even in a fault; may be given as NAME_FILE, the path of a file that holds the value. */
  readonly secret?: true;
}

const folders = 'Folders';
const keys = 'Keys';
const stores = 'Database and queue';
const api = 'The Leads API';
const auth = 'Authentication at the Leads API';
const transport = 'Connection to the Leads API';
const screens = 'Console and log';
const told = 'What is told outside';
const traces = 'Traces';
const pace = 'Pace and patience';

export const variables = [
  {
    name: 'LEADSYNC_HOME',
    group: folders,
    doc: 'Where leadsync keeps what is its own. An absolute path. Can not stand in the env file, which lies in it.',
    defaultsTo: '`data/` of the checkout',
  },
  {
    name: 'LEADSYNC_PARTNERS',
    group: folders,
    doc: 'The partner configs, one `<id>.yaml` a partner.',
    defaultsTo: '`partners/` in `LEADSYNC_HOME`',
  },
  {
    name: 'LEADSYNC_INBOX',
    group: folders,
    doc: 'Where partners drop files, one folder a partner. Claimed files are kept in its `<partner>/.taken/`.',
    defaultsTo: '`inbox/` in `LEADSYNC_HOME`',
  },
  {
    name: 'LEADSYNC_OUTBOX',
    group: folders,
    doc: 'Where result files are written, one folder a partner.',
    defaultsTo: '`outbox/` in `LEADSYNC_HOME`',
  },
  {
    name: 'LEADSYNC_ARCHIVE',
    group: folders,
    doc: 'Where files go that were read to their end, sealed. May be another filesystem.',
    defaultsTo: '`archive/` in `LEADSYNC_HOME`',
  },
  {
    name: 'LEADSYNC_REJECTED',
    group: folders,
    doc: 'Where files go that were not imported, each with a `.reason.txt`. May be another filesystem.',
    defaultsTo: '`rejected/` in `LEADSYNC_HOME`',
  },
  {
    name: 'LEADSYNC_SPOOL',
    group: folders,
    doc: 'Where a worker notes each request before it is sent and each answer before it is written to the ledger: ids alone. After a crash it spares rows their doubt, and a ledger from an old backup is noticed by it. A disk of the host that outlives the process; kept for 14 days.',
    defaultsTo: '`spool/` in `LEADSYNC_HOME`',
  },
  {
    name: 'LEADSYNC_CHECKPOINTS',
    group: folders,
    doc: 'Where the seals of the audit log are written once more, one file a host. Best on storage outside the reach of who can change the database: `audit verify` compares.',
    defaultsTo: '`checkpoints/` in `LEADSYNC_HOME`',
  },
  {
    name: 'LEADSYNC_TIME_ZONE',
    group: folders,
    doc: 'The time zone of reports, and of schedules that name none.',
    default: 'Europe/Madrid',
  },
  {
    name: 'LEADSYNC_SECRET_KEY',
    group: keys,
    doc:
      'Wraps the keys of everything personal in the ledger: 32 bytes in base64. Lost, all personal data is unreadable ' +
      'and no lead is recognised any more. Required with `DATABASE_URL`.',
    defaultsTo: 'a key made at the first start and kept in `LEADSYNC_HOME/secret.key`, with the embedded database only',
    secret: true,
  },
  {
    name: 'LEADSYNC_SECRET_KEY_OLD',
    group: keys,
    doc: 'For `leadsync key rotate` alone: the key before, by which the key table is still wrapped. Remove it afterwards.',
    defaultsTo: '`LEADSYNC_HOME/secret.key` where there is one, with the embedded database only',
    secret: true,
  },
  {
    name: 'LEADSYNC_AUDIT_KEY',
    group: keys,
    doc: 'Signs the seals of the audit log: an Ed25519 seed, 32 bytes in base64, the same for all hosts. Without one an external database has an audit log that is append-only and not sealed.',
    defaultsTo: 'a key made at the first start and kept in `LEADSYNC_HOME/audit.key`, with the embedded database only',
    secret: true,
  },
  {
    name: 'DATABASE_URL',
    group: stores,
    doc: 'The PostgreSQL of the ledger, `postgres://user:password@host:port/database`, for the role that the service works as (Database roles, above). Required in production, and there with `?sslmode=verify-full` unless it is on this machine (TLS, above). A process keeps up to nine connections (more where it holds the queue as well) with named statements and a session lock: a pooler in between must give each a session of its own.',
    defaultsTo: 'an embedded PostgreSQL in `LEADSYNC_HOME`',
    secret: true,
  },
  {
    name: 'DATABASE_ADMIN_URL',
    group: stores,
    doc: 'The same database for the owner of the schema. For `leadsync migrate` alone: keep it away from the service.',
    defaultsTo: 'none: the role of `DATABASE_URL` serves for everything, which production refuses',
    secret: true,
  },
  {
    name: 'REDIS_URL',
    group: stores,
    doc: 'The Redis of the queue, `redis://` or `rediss://`. In production `rediss://`, unless it is on this machine (TLS, above).',
    defaultsTo: 'a private redis-server if there is one on the PATH, else the PostgreSQL of the ledger',
    secret: true,
  },
  {
    name: 'REDIS_TLS_CA',
    group: stores,
    doc: 'The file with the authorities to trust (PEM) for a `rediss://` Redis. For the database it is `sslrootcert` in its URL.',
    defaultsTo: 'those that Node trusts',
  },
  {
    name: 'LEADSYNC_ALLOW_PLAIN_STORES',
    group: stores,
    doc: '`true` lets production speak to a database and a Redis on other machines without TLS, where the way to them is protected by other means, such as a VPN. It is warned about at every start.',
    default: 'false',
  },
  {
    name: 'LEADSYNC_QUEUE_BACKEND',
    group: stores,
    doc: 'What holds the queue: `redis`, `postgres`, or `auto` for the best there is.',
    default: 'auto',
  },
  {
    name: 'LEADS_API_URL',
    group: api,
    doc: "Where the Leads API lives. A path in it comes before the endpoints' own.",
    defaultsTo: 'none: commands that need the API end with exit 2',
  },
  {
    name: 'LEADS_API_ENVIRONMENT',
    group: api,
    doc:
      'Which world the ledger belongs to: `sandbox`, `test` or `production`. Required with `LEADS_API_URL`. ' +
      '`production` refuses http and the embedded database.',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_VERSION',
    group: api,
    doc: 'The version of the contract.',
    default: '1.2.5',
  },
  {
    name: 'LEADS_API_CLIENT_DATA',
    group: api,
    doc: 'Method and path of client data. `{nif}` may stand in the path; a NIF in a URL is warned about.',
    default: 'POST /client-data',
  },
  {
    name: 'LEADS_API_ALTA_LEAD',
    group: api,
    doc: 'Method and path of alta lead.',
    default: 'POST /alta-lead',
  },
  {
    name: 'LEADS_API_UPDATE_LEAD',
    group: api,
    doc: 'Method and path of update lead. `{leadId}` may stand in the path.',
    default: 'POST /update-lead',
  },
  {
    name: 'LEADS_API_BODY',
    group: api,
    doc: 'How request bodies are written: `json` or `form`.',
    default: 'json',
  },
  {
    name: 'LEADS_API_PHONE_FORMAT',
    group: api,
    doc: 'How phones are written: `national` (612345678) or `e164` (+34612345678).',
    default: 'national',
  },
  {
    name: 'LEADS_API_RETRY_AMBIGUOUS',
    group: api,
    doc:
      '`true` only where the API carries out one `Idempotency-Key` once, which `doctor --api --write` finds out: an alta ' +
      'lead without an answer is then repeated under its key for half an hour before it is in doubt.',
    default: 'false',
  },
  {
    name: 'LEADS_API_KO',
    group: api,
    doc:
      'What this API means by its messages, as JSON: `{"final": ["…"], "retry": ["…"]}`. An answer without success whose ' +
      '`message` contains one of these texts, in any case, is a refusal (`final`) or is tried later (`retry`: nothing was ' +
      'done). Not asked with 5xx of alta lead.',
    default: '{}',
  },
  {
    name: 'LEADS_API_STATUS',
    group: api,
    doc:
      'What this API means by HTTP statuses that would leave a create in doubt, as JSON: `{"final": [422], "retry": [502]}`. ' +
      'A refusal (`final`), or tried later (`retry`: nothing was done). Set it only on the word of those who run the API: a ' +
      'lead behind a status that is called `retry` and was carried out is created twice.',
    default: '{}',
  },
  {
    name: 'LEADS_API_HEADERS',
    group: api,
    doc: 'Headers sent with every call, as a JSON object of texts.',
    default: '{}',
    secret: true,
  },
  {
    name: 'LEADS_API_CONTACT',
    group: api,
    doc: 'Who to reach about our calls, an e-mail or a URL. Travels in the User-Agent.',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_AUTH',
    group: auth,
    doc: 'How we show who we are: `none`, `basic`, `api-key` or `oauth2` (client credentials).',
    default: 'none',
  },
  {
    name: 'LEADS_API_CLIENT_ID',
    group: auth,
    doc: 'The user (`basic`) or client id (`oauth2`).',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_CLIENT_SECRET',
    group: auth,
    doc: 'The password (`basic`) or client secret (`oauth2`).',
    defaultsTo: 'none',
    secret: true,
  },
  {
    name: 'LEADS_API_TOKEN_URL',
    group: auth,
    doc: 'Where `oauth2` fetches its token.',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_SCOPE',
    group: auth,
    doc: 'The scope that `oauth2` asks for.',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_AUDIENCE',
    group: auth,
    doc: 'The audience that `oauth2` asks for.',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_TOKEN_PARAMS',
    group: auth,
    doc: 'Further fields of the token request, as a JSON object of texts.',
    default: '{}',
    secret: true,
  },
  {
    name: 'LEADS_API_TOKEN_CREDENTIALS',
    group: auth,
    doc: 'Where id and secret travel in the token request: `header` or `body`.',
    default: 'header',
  },
  {
    name: 'LEADS_API_KEY',
    group: auth,
    doc: 'The key of `api-key`.',
    defaultsTo: 'none',
    secret: true,
  },
  {
    name: 'LEADS_API_KEY_HEADER',
    group: auth,
    doc: 'The header that the key of `api-key` travels in.',
    default: 'X-API-Key',
  },
  {
    name: 'LEADS_API_ALLOW_HTTP',
    group: transport,
    doc: '`true` allows http:// to other machines, for a test network. Production never does.',
    default: 'false',
  },
  {
    name: 'LEADS_API_TLS_CERT',
    group: transport,
    doc: 'The file with our certificate (PEM), where the API asks for one. With `LEADS_API_TLS_KEY`.',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_TLS_KEY',
    group: transport,
    doc: 'The file with the key of our certificate (PEM).',
    defaultsTo: 'none',
  },
  {
    name: 'LEADS_API_TLS_CA',
    group: transport,
    doc: 'The file with the authorities to trust (PEM).',
    defaultsTo: 'those that Node trusts',
  },
  {
    name: 'LEADS_API_PROXY',
    group: transport,
    doc:
      'The HTTP proxy between us and the API, with user and password where it wants them. Every call goes through a ' +
      'tunnel (CONNECT), http:// ones as well, those of `doctor --api` too. HTTPS_PROXY is not looked at.',
    defaultsTo: 'none',
    secret: true,
  },
  {
    name: 'LEADS_API_TIMEOUT_MS',
    group: pace,
    doc: 'How long one call may take, to the end of its answer.',
    default: '15000',
  },
  {
    name: 'LEADS_API_SEND_BUDGET_MS',
    group: pace,
    doc:
      'An intent older than this sends nothing any more. At most a third of `LEADSYNC_QUIET_PERIOD_MS`; ' +
      "shorter than a slow disk's fsync, rows go round for ever.",
    default: '5000',
  },
  {
    name: 'LEADS_API_RATE_PER_SECOND',
    group: pace,
    doc: 'Calls a second, of all processes together; climbs from 1 within 5 minutes after an outage. 0: no limit.',
    default: '10',
  },
  {
    name: 'LEADS_API_CONCURRENCY',
    group: pace,
    doc: 'Calls under way at once, of all processes together.',
    default: '4',
  },
  {
    name: 'LEADSYNC_ROWS_CONCURRENCY',
    group: pace,
    doc: "Rows in progress in one worker process. More than calls, so that the ledger's work overlaps with the API's.",
    defaultsTo: 'one and a half times `LEADS_API_CONCURRENCY`, 6',
  },
  {
    name: 'LEADSYNC_ARRIVAL_AGE_MS',
    group: pace,
    doc: 'A file has arrived when its size, time and inode stayed the same this long; ten times as long where it is empty, does not end in a line break, or lies in a sub-folder.',
    default: '2000',
  },
  {
    name: 'LEADSYNC_QUIET_PERIOD_MS',
    group: pace,
    doc: 'From an intent, or the last sign of life of who held it, until nothing of it can reach the API any more.',
    default: '1200000',
  },
  {
    name: 'LEADSYNC_DEADLINE_MS',
    group: pace,
    doc: 'How long shutdown waits for rows in progress. Longer than `LEADS_API_TIMEOUT_MS`, or it leaves rows in doubt.',
    default: '25000',
  },
  {
    name: 'LEADSYNC_UPDATE_PATIENCE_MS',
    group: pace,
    doc: 'How long a status update waits for a lead that the ledger has never heard of, before it is rejected.',
    default: '86400000',
  },
  {
    name: 'LEADSYNC_TIME_SCALE',
    group: pace,
    doc: 'Multiplies every back-off, the pauses between probes and the climb after an outage, for demos and tests: 0.01 makes five minutes three seconds.',
    default: '1',
  },
  {
    name: 'LEADSYNC_SUMMARY_AT',
    group: told,
    doc: 'The hour of the morning, in `LEADSYNC_TIME_ZONE`, at which last night is summed up: into `outbox/_ops/`, and to who is named below. Up to 12:00.',
    default: '08:00',
  },
  {
    name: 'LEADSYNC_SUMMARY_EMAIL',
    group: told,
    doc: 'Who gets the summary as an e-mail, addresses with a comma between. With `SMTP_URL` and `SMTP_FROM`.',
    defaultsTo: 'nobody',
  },
  {
    name: 'LEADSYNC_SUMMARY_WEBHOOK',
    group: told,
    doc: 'Where the summary is posted as JSON. https, or http to this machine.',
    defaultsTo: 'none',
    secret: true,
  },
  {
    name: 'LEADSYNC_SUMMARY_WEBHOOK_SECRET',
    group: told,
    doc: 'Signs that post: `whsec_` and 24 to 64 bytes in base64; while it is being changed two, with a blank between.',
    defaultsTo: 'none: it is not signed',
    secret: true,
  },
  {
    name: 'LEADSYNC_WEBHOOK_NETWORKS',
    group: told,
    doc: 'Private networks that webhooks of partners may be sent to, such as `10.1.0.0/16`, with a comma between.',
    defaultsTo: 'none: an address that is not public is refused',
  },
  {
    name: 'SMTP_URL',
    group: told,
    doc: 'The mail server: `smtp://host:587` (STARTTLS is required) or `smtps://host:465`. Without encryption only to this machine.',
    defaultsTo: 'none',
  },
  {
    name: 'SMTP_USER',
    group: told,
    doc: 'Who logs in there.',
    defaultsTo: 'none: without a login',
  },
  {
    name: 'SMTP_PASSWORD',
    group: told,
    doc: 'The password.',
    defaultsTo: 'none',
    secret: true,
  },
  {
    name: 'SMTP_FROM',
    group: told,
    doc: 'The sender of our e-mails.',
    defaultsTo: 'none',
  },
  {
    name: 'SMTP_TLS_CA',
    group: told,
    doc: 'The file with the authorities to trust for the mail server (PEM).',
    defaultsTo: 'those that Node trusts',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    group: traces,
    doc: 'The collector that traces are sent to by OTLP/HTTP, without `/v1/traces`. One trace shows a row from its file to the answers of the API.',
    defaultsTo: 'none: nothing is traced, and nothing of OpenTelemetry is loaded',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    group: traces,
    doc: 'Headers for the collector, `name=value` with a comma between; a blank in a value is `%20`, a comma `%2C`.',
    defaultsTo: 'none',
    secret: true,
  },
  {
    name: 'OTEL_SERVICE_NAME',
    group: traces,
    doc: 'What this service is called there.',
    default: 'leadsync',
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    group: traces,
    doc: 'The share of rows and files that is traced, from 0 to 1; the same in all processes. A row has about five spans.',
    default: '1',
  },
  {
    name: 'CONSOLE_HOST',
    group: screens,
    doc: 'The address that the console listens on. Other machines can reach it only if `CONSOLE_USERS` is set.',
    default: '127.0.0.1',
  },
  {
    name: 'CONSOLE_PORT',
    group: screens,
    doc: 'The port of the console. 0: any that is free.',
    default: '7070',
  },
  {
    name: 'CONSOLE_URL',
    group: screens,
    doc:
      'Under which people reach the console through a proxy, `https://leads.example.com`. The proxy hands the Host header ' +
      'on. Behind https:// cookies are for https alone.',
    defaultsTo: 'none: people reach it under `CONSOLE_HOST` and `CONSOLE_PORT`',
  },
  {
    name: 'CONSOLE_TLS_CERT',
    group: screens,
    doc: 'The file with the certificate of the console (PEM): it then speaks https itself. With `CONSOLE_TLS_KEY`.',
    defaultsTo: 'none: http',
  },
  {
    name: 'CONSOLE_TLS_KEY',
    group: screens,
    doc: 'The file with the key of that certificate (PEM).',
    defaultsTo: 'none',
  },
  {
    name: 'CONSOLE_USERS',
    group: screens,
    doc:
      'Who may log in at the console, as a JSON list of `{"name", "role", "password"}`; the role is `viewer`, `operator` or ' +
      '`admin`, the password is hashed. `leadsync console-user` writes an entry. Without users this machine alone may look, ' +
      'and nobody may act.',
    default: '[]',
    secret: true,
  },
  {
    name: 'CONSOLE_MACHINES',
    group: screens,
    doc:
      'The file with the machine users of the JSON API, their tokens hashed. `leadsync console-token` writes it; a console ' +
      'that runs reads it when it changes.',
    defaultsTo: '`console-machines.json` in `LEADSYNC_HOME`',
  },
  {
    name: 'LOG_LEVEL',
    group: screens,
    doc: 'The least that is logged: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    default: 'info',
  },
] as const satisfies readonly Variable[];

export type VariableName = (typeof variables)[number]['name'];

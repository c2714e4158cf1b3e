/** Every environment variable, as data: docs/configuration.md and the test of it are made from this table. */
export interface Variable {
  readonly name: string;
  /** What it decides; ends with "Defaults to …" or says when it is required. */
  readonly means: string;
  /** Secrets are never shown, and may also be given as the path of a file in NAME_FILE. */
  readonly secret?: true;
}

export const variables = [
  { name: 'LEADSYNC_HOME', means: 'Folder for everything that lives: partners, inbox, outbox, archive, embedded database. Defaults to `data/` of the checkout.' },
  { name: 'LEADSYNC_PARTNERS', means: 'Folder with one YAML file per partner. Defaults to `partners` in the home.' },
  { name: 'LEADSYNC_INBOX', means: 'Folder with one sub-folder per partner, where files are dropped. Defaults to `inbox` in the home.' },
  { name: 'LEADSYNC_OUTBOX', means: 'Folder for result files. Defaults to `outbox` in the home.' },
  { name: 'LEADSYNC_ARCHIVE', means: 'Folder for files that were read. Defaults to `archive` in the home.' },
  { name: 'LEADSYNC_REJECTED', means: 'Folder for files that were turned away, with the reason beside each. Defaults to `rejected` in the home.' },
  { name: 'LEADSYNC_TIME_ZONE', means: 'Time zone for schedules without one of their own. Defaults to `Europe/Madrid`.' },
  { name: 'LEADSYNC_SECRET_KEY', means: '32 bytes in base64 that wrap the keys of all personal data. Required with DATABASE_URL; with the embedded database it is made once and kept in the home (mode 0600).', secret: true },
  { name: 'DATABASE_URL', means: 'PostgreSQL of the ledger. Defaults to an embedded PostgreSQL in the home.', secret: true },
  { name: 'DATABASE_ADMIN_URL', means: 'PostgreSQL with a role that may change the schema, for `leadsync migrate`. Defaults to DATABASE_URL.', secret: true },
  { name: 'REDIS_URL', means: 'Redis of the queue. Defaults to a private redis-server or valkey-server found on the PATH, else the queue lives in PostgreSQL.', secret: true },
  { name: 'LEADSYNC_QUEUE_BACKEND', means: '`auto`, `redis` or `postgres`. Defaults to `auto`.' },
  { name: 'LEADS_API_URL', means: 'Where the Leads Contract API is. Required by `run`, `import` and `update`.' },
  { name: 'LEADS_API_ENVIRONMENT', means: '`sandbox`, `test` or `production`: written into the ledger at its first start. Required with LEADS_API_URL.' },
  { name: 'LEADS_API_VERSION', means: 'Version of the contract. Defaults to `1.2.5`.' },
  { name: 'LEADS_API_CLIENT_DATA', means: 'Method and path of the client check; `{nif}` may stand in the path. Defaults to `POST /client-data`.' },
  { name: 'LEADS_API_ALTA_LEAD', means: 'Method and path of alta lead. Defaults to `POST /alta-lead`.' },
  { name: 'LEADS_API_UPDATE_LEAD', means: 'Method and path of update lead; `{leadId}` may stand in the path. Defaults to `POST /update-lead`.' },
  { name: 'LEADS_API_AUTH', means: '`none`, `basic`, `api-key` or `oauth2`. Defaults to `none`.' },
  { name: 'LEADS_API_CLIENT_ID', means: 'User or client id for `basic` and `oauth2`.' },
  { name: 'LEADS_API_CLIENT_SECRET', means: 'Password or client secret for `basic` and `oauth2`.', secret: true },
  { name: 'LEADS_API_TOKEN_URL', means: 'Token endpoint for `oauth2`.' },
  { name: 'LEADS_API_TOKEN_CREDENTIALS', means: 'Where the client credentials travel to the token endpoint: `header` or `body`. Defaults to `header`.' },
  { name: 'LEADS_API_TOKEN_PARAMS', means: 'Further parameters of the token request, as a JSON object of texts. Defaults to none.' },
  { name: 'LEADS_API_SCOPE', means: 'Scope asked of the token endpoint. Defaults to none.' },
  { name: 'LEADS_API_AUDIENCE', means: 'Audience asked of the token endpoint. Defaults to none.' },
  { name: 'LEADS_API_KEY', means: 'The key for `api-key`.', secret: true },
  { name: 'LEADS_API_KEY_HEADER', means: 'The header that carries the key. Defaults to `X-API-Key`.' },
  { name: 'LEADS_API_TLS_CA', means: 'PEM file with certificates to trust beside the usual ones. Defaults to none.' },
  { name: 'LEADS_API_TLS_CERT', means: 'PEM file with our certificate, for mutual TLS. Defaults to none.' },
  { name: 'LEADS_API_TLS_KEY', means: 'PEM file with the key of LEADS_API_TLS_CERT. Defaults to none.' },
  { name: 'LEADS_API_HEADERS', means: 'Headers sent with every call, as a JSON object of texts. Defaults to none.' },
  { name: 'LEADS_API_BODY', means: 'Form of request bodies: `json` or `form`. Defaults to `json`.' },
  { name: 'LEADS_API_PHONE_FORMAT', means: 'Spanish phone numbers as `national` (9 digits) or `e164` (+34…). Defaults to `national`.' },
  { name: 'LEADS_API_TIMEOUT_MS', means: 'Deadline of one call in milliseconds, connecting included. Defaults to 15000.' },
  { name: 'LEADS_API_SEND_BUDGET_MS', means: 'Milliseconds after which an announced request is not sent any more. Defaults to 5000.' },
  { name: 'LEADS_API_RATE_PER_SECOND', means: 'Calls a second of all processes together; 0 is no limit. Defaults to 10.' },
  { name: 'LEADS_API_CONCURRENCY', means: 'Calls in flight per process. Defaults to 4.' },
  { name: 'LEADS_API_CONTACT', means: 'Who to ask about our traffic, added to the User-Agent. Defaults to none.' },
  { name: 'LOG_LEVEL', means: '`fatal`, `error`, `warn`, `info`, `debug` or `silent`. Defaults to `info`.' },
  { name: 'LEADSYNC_ARRIVAL_AGE_MS', means: 'A dropped file counts as whole when size, time and inode stayed the same for so many milliseconds. Defaults to 2000.' },
  { name: 'LEADSYNC_QUIET_PERIOD_MS', means: 'Milliseconds after an intent before "send again" is offered: longer than a network can hold bytes back. Defaults to 1200000 (20 min).' },
  { name: 'LEADSYNC_DRAIN_MS', means: 'Milliseconds that a stop waits for work in progress. Set an orchestrator to wait longer. Defaults to 25000.' },
  { name: 'LEADSYNC_TIME_SCALE', means: 'Multiplies every back-off; for demos and tests. Defaults to 1.' },
] as const satisfies readonly Variable[];

export type VariableName = (typeof variables)[number]['name'];

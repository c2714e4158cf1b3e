/** Everything that can be set, validated and frozen. What a process is handed is never read from the environment again. */
export interface Config {
  /** Where leadsync keeps what is its own. Absolute, as are all folders below. Defaults to `data/` of the checkout. */
  readonly home: string;
  readonly folders: {
    /** One <id>.yaml a partner. Defaults to `partners/` in home. */
    readonly partners: string;
    /** Where partners drop files, one folder a partner. Defaults to `inbox/` in home. */
    readonly inbox: string;
    /** Where result files are written, one folder a partner. Defaults to `outbox/` in home. */
    readonly outbox: string;
    /** Where files go that were read to their end. Defaults to `archive/` in home. */
    readonly archive: string;
    /** Where files go that were not imported. Defaults to `rejected/` in home. */
    readonly rejected: string;
    /** Where a worker notes intents and answers. Defaults to `spool/` in home. */
    readonly spool: string;
    /** Where the seals of the audit log are written once more. Defaults to `checkpoints/` in home. */
    readonly checkpoints: string;
  };
  /** Of reports, and of schedules that name none. Defaults to Europe/Madrid. */
  readonly timeZone: string;
  /** 32 bytes. Null: `ensureSecretKey` makes and keeps one; only with the embedded database. Defaults to null. */
  readonly secretKey: Uint8Array | null;
  /** By which the key table was wrapped so far. For its rotation alone. */
  readonly oldSecretKey: Uint8Array | null;
  /** An Ed25519 seed, 32 bytes. Null: see `ensureAuditKey`. Defaults to null. */
  readonly auditKey: Uint8Array | null;
  readonly database: {
    /** Null: the embedded database. Defaults to null. */
    readonly url: string | null;
    /** For `leadsync migrate`; where it is set no other command migrates. Null: `url` serves. Defaults to null. */
    readonly adminUrl: string | null;
  };
  readonly queue: {
    /** Defaults to `auto`: `redisUrl`, else a private redis-server, else the ledger's PostgreSQL. */
    readonly backend: QueueBackend;
    /** Defaults to null. */
    readonly redisUrl: string | null;
    /** The content of the file, PEM: who is trusted to vouch for a rediss:// Redis. Null: whom Node trusts. Defaults to null. */
    readonly redisCa: string | null;
  };
  /** Settings whose server is on another machine and would be spoken to without TLS. Defaults to none. */
  readonly plainStores: readonly string[];
  /** Which world the ledger belongs to. Never null where `api` is not. Defaults to null. */
  readonly environment: Environment | null;
  /** Null without a URL. Defaults to null. */
  readonly api: ApiConfig | null;
  /** Rows in progress in one worker process. Defaults to one and a half times the API's concurrency, 6. */
  readonly rowsConcurrency: number;
  /** How long a status update waits for a lead that the ledger has never heard of. Defaults to 24 h. */
  readonly updatePatienceMs: number;
  /** Multiplies every back-off. Defaults to 1. */
  readonly timeScale: number;
  /** PATH: where redis-server is looked for. Defaults to none. */
  readonly searchPath: string | undefined;
  /** A file has arrived when its stat stayed the same this long. Defaults to 2,000. */
  readonly arrivalAgeMs: number;
  /** From an intent until nothing of it can arrive any more. Defaults to 20 minutes. */
  readonly quietPeriodMs: number;
  /** How long shutdown waits for rows in progress. Defaults to 25,000. */
  readonly deadlineMs: number;
  readonly console: {
    /** Defaults to 127.0.0.1. */
    readonly host: string;
    /** 0: any that is free. Defaults to 7070. */
    readonly port: number;
    /** Under which people reach it through a proxy. Null: under host and port. Defaults to null. */
    readonly url: string | null;
    /** The contents of the files, PEM. Null: it speaks http. Defaults to null. */
    readonly tls: { readonly cert: string; readonly key: string } | null;
    /** Without users there is no login: this machine alone may look, and nobody may act. Defaults to none. */
    readonly users: readonly ConsoleUser[];
    /** The file with the machine users of its JSON API. Defaults to `console-machines.json` in home. */
    readonly machines: string;
  };
  /** Who is told of a night, beside the file for those who run leadsync. */
  readonly summary: {
    /** The hour of the morning at which last night is summed up. Defaults to 08:00. */
    readonly at: string;
    /** Defaults to null. */
    readonly webhook: { readonly url: string; readonly secrets: readonly string[] } | null;
    /** Defaults to null. */
    readonly email: EmailConfig | null;
  };
  /** Private networks that webhooks of partners may be sent to. Defaults to none. */
  readonly webhookNetworks: readonly string[];
  /** Where traces are sent to. Defaults to null. */
  readonly traces: {
    readonly endpoint: string;
    /** Defaults to none. */
    readonly headers: Readonly<Record<string, string>>;
    /** Defaults to `leadsync`. */
    readonly serviceName: string;
    /** Of rows and files, from 0 to 1. Defaults to 1. */
    readonly share: number;
  } | null;
  /** Defaults to `info`. */
  readonly logLevel: LogLevel;
  /** A hash of every setting but the secrets, of which it only knows whether they are set. */
  readonly version: string;
  /** What is legal and probably not meant, a sentence each, to be said at start. Defaults to none. */
  readonly warnings: readonly string[];
}

type Environment = 'sandbox' | 'test' | 'production';
type QueueBackend = 'auto' | 'redis' | 'postgres';
type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** How the Leads API is reached and spoken to. */
export interface ApiConfig {
  /** A path in it comes before every endpoint's own. Always set. */
  readonly url: string;
  /** Version of the contract. Defaults to 1.2.5. */
  readonly version: string;
  readonly endpoints: {
    /** Defaults to POST /client-data. */
    readonly clientData: EndpointConfig;
    /** Defaults to POST /alta-lead. */
    readonly altaLead: EndpointConfig;
    /** Defaults to POST /update-lead. */
    readonly updateLead: EndpointConfig;
  };
  /** Defaults to none. */
  readonly auth: AuthConfig;
  /** The contents of the files, PEM. Defaults to none. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Sent with every call. Defaults to none. */
  readonly headers: Readonly<Record<string, string>>;
  /** Defaults to `json`. */
  readonly body: 'json' | 'form';
  /** Defaults to `national`. */
  readonly phoneFormat: 'national' | 'e164';
  /** This deployment carries out one Idempotency-Key once. Defaults to false. */
  readonly retryAmbiguous: boolean;
  /** What this deployment means by its messages. Defaults to nothing. */
  readonly ko: { readonly final: readonly string[]; readonly retry: readonly string[] };
  /** What this deployment means by statuses that leave a create in doubt. Defaults to nothing. */
  readonly statuses: { readonly final: readonly number[]; readonly retry: readonly number[] };
  /** Defaults to null. */
  readonly proxy: string | null;
  /** One call, to the end of its answer. Defaults to 15,000. */
  readonly timeoutMs: number;
  /** An intent older than this sends nothing any more. Defaults to 5,000. */
  readonly sendBudgetMs: number;
  /** Calls a second of all processes together; 0: no limit. Defaults to 10. */
  readonly ratePerSecond: number;
  /** Calls under way at once, of all processes together. Defaults to 4. */
  readonly concurrency: number;
  /** Who to reach about our calls; travels in the User-Agent. Defaults to null. */
  readonly contact: string | null;
}

interface EndpointConfig {
  readonly method: string;
  readonly path: string;
}

export type AuthConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'api-key'; readonly header: string; readonly key: string }
  | {
      readonly kind: 'oauth2';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string;
      readonly audience?: string;
      readonly params: Readonly<Record<string, string>>;
      readonly credentials: 'header' | 'body';
    };

export interface EmailConfig {
  readonly to: readonly string[];
  readonly from: string;
  readonly host: string;
  readonly port: number;
  /** In clear only to this machine. */
  readonly encryption: 'tls' | 'starttls' | 'none';
  readonly login: { readonly user: string; readonly password: string } | null;
  /** PEM. Null: the authorities that Node trusts. */
  readonly ca: string | null;
}

export interface ConsoleUser {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  /** Hashed (app/ports/passwords.ts). */
  readonly password: string;
}

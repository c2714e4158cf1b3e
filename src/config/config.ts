import type { Endpoint } from '../domain/call-outcome.ts';

/** The validated environment: frozen, every default filled in. Nothing else reads process.env. */
export interface Config {
  readonly home: string;
  readonly folders: {
    readonly partners: string;
    readonly inbox: string;
    readonly outbox: string;
    readonly archive: string;
    readonly rejected: string;
  };
  readonly timeZone: string;
  /** Null: made and kept in the home, which only the embedded database allows. */
  readonly secretKey: Uint8Array | null;
  /** Null: embedded. */
  readonly databaseUrl: string | null;
  readonly databaseAdminUrl: string | null;
  /** Null: a private server, or PostgreSQL. */
  readonly redisUrl: string | null;
  readonly queueBackend: 'auto' | 'redis' | 'postgres';
  /** Where programs are looked for. */
  readonly path: string | undefined;
  /** Null: no LEADS_API_URL was given. */
  readonly api: ApiConfig | null;
  readonly logLevel: string;
  readonly arrivalAgeMs: number;
  readonly quietPeriodMs: number;
  readonly drainMs: number;
  readonly timeScale: number;
}

export interface ApiConfig {
  readonly url: string;
  readonly environment: 'sandbox' | 'test' | 'production';
  readonly version: string;
  readonly endpoints: Readonly<Record<Endpoint, { readonly method: string; readonly path: string }>>;
  readonly auth: AuthConfig;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: 'json' | 'form';
  readonly phoneFormat: 'national' | 'e164';
  readonly timeoutMs: number;
  readonly sendBudgetMs: number;
  readonly ratePerSecond: number;
  readonly concurrency: number;
  readonly contact: string | null;
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
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
      readonly credentials: 'header' | 'body';
      readonly scope: string | null;
      readonly audience: string | null;
      readonly params: Readonly<Record<string, string>>;
    };

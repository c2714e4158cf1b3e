import { createTransport } from './transport.ts';
import type { Exchange, TransportOptions } from './transport.ts';

/** OAuth 2 client credentials (RFC 6749, section 4.4). */
export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  readonly audience?: string;
  /** Further fields of the token request. */
  readonly params?: Readonly<Record<string, string>>;
  /** Where client id and secret travel. Defaults to `header`. */
  readonly credentials?: 'header' | 'body';
}

/** Why there is no token. `httpStatus` is the token endpoint's; null where it never answered. */
export interface TokenFailure {
  readonly kind: 'failed';
  readonly httpStatus: number | null;
  readonly certificate: boolean;
}

export interface Token {
  readonly kind: 'token';
  readonly value: string;
}

export interface TokenSource {
  /** The token in force, fetched where there is none; any number of callers share one fetch. Ends early when `signal` does. */
  get(signal: AbortSignal): Promise<Token | TokenFailure>;
  /** The API didn't accept this token. A newer one stays. */
  drop(token: string): void;
  close(): Promise<void>;
}

const refreshEarlyMs = 60_000;
/** RFC 6749 leaves `expires_in` optional. */
const assumedLifeMs = 5 * 60_000;

export function createTokenSource(
  client: ClientCredentials,
  options: Omit<TransportOptions, 'url' | 'connections'>,
): TokenSource {
  const transport = createTransport({ ...options, url: client.tokenUrl, connections: 1 });
  let cached: { readonly token: Token; readonly freshUntil: number } | null = null;
  let fetching: Promise<Token | TokenFailure> | null = null;

  async function fetchToken(): Promise<Token | TokenFailure> {
    // Not the caller's signal: the others who wait for the same token have not given up.
    const exchange = await transport.send({ ...tokenRequest(client), signal: AbortSignal.timeout(options.timeoutMs) });
    const granted = readGrant(exchange);
    if (granted === null) return { kind: 'failed', httpStatus: exchange.httpStatus, certificate: exchange.certificate };
    const { token, lifeMs } = granted;
    // A token that lives less than two minutes is used for half its life.
    cached = { token, freshUntil: Date.now() + Math.max(lifeMs - refreshEarlyMs, lifeMs / 2) };
    return token;
  }

  return {
    async get(signal) {
      if (cached !== null && Date.now() < cached.freshUntil) return cached.token;
      fetching ??= fetchToken().finally(() => (fetching = null));
      return Promise.race([fetching, givenUp(signal)]);
    },
    drop(token) {
      if (cached?.token.value === token) cached = null;
    },
    close: () => transport.close(),
  };
}

function tokenRequest(client: ClientCredentials) {
  const { clientId, clientSecret, scope, audience } = client;
  const inBody = client.credentials === 'body';
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...client.params,
    ...(inBody ? { client_id: clientId, client_secret: clientSecret } : {}),
  });
  const url = new URL(client.tokenUrl);
  // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
  const basic = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return {
    method: 'POST',
    path: url.pathname + url.search,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(inBody ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
    },
    body: form.toString(),
    maySend: () => true,
  };
}

function readGrant(exchange: Exchange): { readonly token: Token; readonly lifeMs: number } | null {
  const { httpStatus, body } = exchange;
  if (httpStatus !== 200 || typeof body !== 'object' || body === null) return null;
  const { access_token: value, expires_in: seconds } = body as Record<string, unknown>;
  if (typeof value !== 'string' || value === '') return null;
  // Some servers write the number as text.
  const lifeMs = Number.parseFloat(String(seconds)) * 1_000;
  return { token: { kind: 'token', value }, lifeMs: lifeMs > 0 ? lifeMs : assumedLifeMs };
}

function givenUp(signal: AbortSignal): Promise<TokenFailure> {
  const { promise, resolve } = Promise.withResolvers<TokenFailure>();
  const onAbort = () => resolve({ kind: 'failed', httpStatus: null, certificate: false });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return promise;
}

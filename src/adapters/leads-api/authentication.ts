import { createTokenSource } from './oauth2-token.ts';
import type { ClientCredentials, TokenFailure } from './oauth2-token.ts';
import type { TransportOptions } from './transport.ts';

/** How we show the API who we are. A client certificate goes beside any of these. */
export type Authentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'api-key'; readonly header: string; readonly key: string }
  | ({ readonly kind: 'oauth2' } & ClientCredentials);

/** The headers that show it, for one call. */
export interface Credentials {
  readonly kind: 'credentials';
  readonly headers: Readonly<Record<string, string>>;
  /** The API answered 401 to them: don't use them again. */
  drop(): void;
}

export interface Authenticator {
  credentials(signal: AbortSignal): Promise<Credentials | TokenFailure>;
  close(): Promise<void>;
}

export function createAuthenticator(
  auth: Authentication,
  options: Omit<TransportOptions, 'url' | 'connections'>,
): Authenticator {
  switch (auth.kind) {
    case 'none':
      return fixed({});
    case 'basic':
      return fixed({ authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}` });
    case 'api-key':
      return fixed({ [auth.header.toLowerCase()]: auth.key });
    case 'oauth2':
      return bearer(auth, options);
  }
}

function fixed(headers: Readonly<Record<string, string>>): Authenticator {
  const credentials: Credentials = { kind: 'credentials', headers, drop: () => {} };
  return { credentials: async () => credentials, close: async () => {} };
}

function bearer(client: ClientCredentials, options: Omit<TransportOptions, 'url' | 'connections'>): Authenticator {
  const tokens = createTokenSource(client, options);
  return {
    async credentials(signal) {
      const token = await tokens.get(signal);
      if (token.kind === 'failed') return token;
      const headers = { authorization: `Bearer ${token.value}` };
      return { kind: 'credentials', headers, drop: () => tokens.drop(token.value) };
    },
    close: () => tokens.close(),
  };
}

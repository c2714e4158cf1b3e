import type { Subject } from '../faults/faults.ts';

/** The three endpoints. */
export const calledEndpoints = [
  'clientData',
  'altaLead',
  'updateLead',
] as const satisfies readonly Subject['endpoint'][];
export type CalledEndpoint = (typeof calledEndpoints)[number];

/** Who may call, for every mode but `none`. */
interface KnownClient {
  readonly clientId: string;
  /** The endpoints that it may call; 403 for the others. Defaults to all three. */
  readonly mayCall?: readonly CalledEndpoint[];
}

export interface BasicAuthentication extends KnownClient {
  readonly kind: 'basic';
  readonly clientSecret: string;
}

export interface ApiKeyAuthentication extends KnownClient {
  readonly kind: 'api-key';
  readonly key: string;
  /** Defaults to X-API-Key. */
  readonly header?: string;
}

/** Client credentials, RFC 6749 section 4.4. Tokens live in memory: a sandbox that is started again knows none of them. */
export interface OAuth2Authentication extends KnownClient {
  readonly kind: 'oauth2';
  readonly clientSecret: string;
  /** How long a token is accepted. Defaults to 3600. */
  readonly tokenLifeSeconds?: number;
  /** Writes `expires_in` as text, as some servers do. Defaults to false. */
  readonly expiresInAsText?: boolean;
  /** The scopes that are granted, all of them where none is asked for; others are refused. Defaults to whatever is asked for. */
  readonly scopes?: readonly string[];
  /** The scope that a token needs at an endpoint; 403 without it. Defaults to none. */
  readonly requiredScopes?: Readonly<Partial<Record<CalledEndpoint, string>>>;
}

/** How callers show who they are. `none` lets everybody in and is for loopback only. */
export type SandboxAuthentication =
  | { readonly kind: 'none' }
  | BasicAuthentication
  | ApiKeyAuthentication
  | OAuth2Authentication;

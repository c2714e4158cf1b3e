import type { LeadsContract } from '../../contract/leads-contract.ts';
import type { AuthenticationMode } from './security-scheme.ts';

/** What the documentation is written for: this sandbox, as its reader has reached it. */
export interface Facts {
  readonly contract: LeadsContract;
  readonly authentication: AuthenticationMode;
  /** Where an API key goes. */
  readonly keyHeader: string;
  /** The scopes that are granted. Null: whatever is asked for, or no scopes at all. */
  readonly scopes: readonly string[] | null;
  /** The scope that a token needs, by endpoint. */
  readonly requiredScopes: Readonly<Record<string, string>>;
  /** Whether the pages and `/__sandbox` ask for credentials too. */
  readonly pagesNeedLogin: boolean;
  /** Scheme, host and port, without a slash at the end. */
  readonly baseUrl: string;
}

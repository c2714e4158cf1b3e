import type { FaultRates } from './fault-plan.ts';

/** What the API's process is told at its start, as JSON in its one argument. */
export interface ApiOptions {
  readonly port: number;
  readonly truth: string;
  readonly seed: number;
  readonly rates: FaultRates;
  /** `refusing-http2`: TLS, and an HTTP/2 stream of a create is refused after it was carried out. */
  readonly transport: 'http' | 'refusing-http2';
  /** One Idempotency-Key is carried out once. */
  readonly honoursKeys: boolean;
}

import type { AcceptPorts } from '../app/accept-file.ts';
import type { Ports } from '../app/ports.ts';
import type { ReplayLedger } from '../app/ports/replay-ledger.ts';
import type { Surroundings } from './cli.ts';

export type Role = 'intake' | 'worker';

export interface ServiceOptions {
  readonly roles: readonly Role[];
  /** False: the inboxes are left alone; files come through `acceptFile` only. */
  readonly watch: boolean;
  /** Instead of LOG_LEVEL, where the command speaks for itself. */
  readonly logLevel?: 'warn' | 'silent';
}

/** The service, running in this process. */
export interface RunningService {
  readonly ports: Ports & AcceptPorts;
  readonly replays: ReplayLedger;
  readonly surroundings: Surroundings;
  /** What an operator should know of the queue's server, such as an eviction policy that loses jobs. */
  readonly warnings: readonly string[];
  /** Partner configs that are not valid, a sentence each; the others are in force. */
  readonly partnerFaults: readonly string[];
  /** Drains and closes everything, within LEADSYNC_DRAIN_MS. Idempotent. */
  stop(reason: string): Promise<{ readonly drained: boolean }>;
}

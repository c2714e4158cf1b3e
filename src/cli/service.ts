import type { AcceptPorts } from '../app/accept-file.ts';
import type { Ports } from '../app/ports.ts';
import type { ReplayLedger } from '../app/ports/replay-ledger.ts';
import type { Surroundings } from './cli.ts';

export type Role = 'intake' | 'worker' | 'console';

export interface ServiceOptions {
  readonly roles: readonly Role[];
  /** False: the inboxes are left alone; files come through `acceptFile` only. */
  readonly watch: boolean;
  /** Instead of LOG_LEVEL, where the command speaks for itself. */
  readonly logLevel?: 'warn' | 'silent';
  /** Without a console where its port is taken: another process of this host has it. Defaults to false. */
  readonly isConsoleOptional?: boolean;
}

/** What runs in this process until it is told to stop. */
export interface Running {
  readonly surroundings: Surroundings;
  /** Null: this process has no console. */
  readonly consoleUrl: string | null;
  /** What an operator should know, such as an eviction policy of the queue's server that loses jobs. */
  readonly warnings: readonly string[];
  /** Drains and closes everything, within LEADSYNC_DRAIN_MS. Idempotent. */
  stop(reason: string): Promise<{ readonly drained: boolean }>;
}

/** The service, running in this process. */
export interface RunningService extends Running {
  readonly ports: Ports & AcceptPorts;
  readonly replays: ReplayLedger;
  /** Partner configs that are not valid, a sentence each; the others are in force. */
  readonly partnerFaults: readonly string[];
}

import type { Endpoint } from '../../domain/call-outcome.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { Breaker, BreakerChange } from '../../domain/outage-breaker.ts';
import type { Probe } from '../../domain/probe.ts';
import type { Act } from './held-files.ts';
import type { OpenRollCall } from './roll-call.ts';

/** An endpoint that refuses everybody: credentials, path, redirect, certificate. No row is to blame. */
export interface Halt {
  readonly endpoint: Endpoint;
  readonly code: FaultCode;
  readonly since: Date;
  readonly probe: Probe;
}

/** A person has stopped the work of a partner, or of everybody (null). */
export interface Pause {
  readonly partner: string | null;
  readonly since: Date;
  readonly actor: string;
  readonly reason: string;
}

export interface BreakerView extends Breaker {
  readonly since: Date | null;
  /** Who opened or closed it, where a person did. */
  readonly actor: string | null;
  readonly reason: string | null;
}

/** Everything that stops calls of an account, at one moment by the database's clock. */
export interface Stops {
  readonly breaker: BreakerView;
  readonly halts: readonly Halt[];
  readonly pauses: readonly Pause[];
  /** Not null: the ledger has begun anew, and not every host has compared its spool with it. */
  readonly rollCall: OpenRollCall | null;
  /** The era of the ledger whose roll was called last: with another one what was refused meanwhile may go. */
  readonly era: string | null;
}

/** Who did it; without a reason where leadsync did it by itself. */
export type AnyAct = Pick<Act, 'actor'> & { readonly reason: string | null };

/**
 * What stops calls: breaker and halts of an API account, pauses of partners. In force with the commit: every call
 * announces its attempt in the ledger first (RowMoves), which refuses attempts of rows that are stopped.
 */
export interface AccountLedger {
  stops(account: string): Promise<Stops>;
  /** Compare-and-set on the breaker's version; audited where the breaker opens or closes. False: it has changed meanwhile. */
  changeBreaker(account: string, version: number, change: BreakerChange, act: AnyAct): Promise<boolean>;
  /**
   * An endpoint refuses everybody, under these settings of ours. One that is halted already stays so: the probe's row puts
   * the next probe off, its pauses doubling from `firstMs` to `mostMs`; any other row changes nothing.
   */
  halt(
    account: string,
    halt: { readonly endpoint: Endpoint; readonly code: FaultCode; readonly settings: string; readonly row: string },
    probes: { readonly firstMs: number; readonly mostMs: number },
  ): Promise<void>;
  /** Takes the probe of each of these halted endpoints for a row. False: one of them is not due, and none is taken. */
  claimHaltProbes(account: string, endpoints: readonly Endpoint[], row: string, forMs: number): Promise<boolean>;
  /** Ends halts: of one endpoint, those that were met under other settings, or all. Answers how many. */
  endHalts(
    account: string,
    which: { readonly endpoint: Endpoint } | { readonly exceptSettings: string } | 'all',
    act: AnyAct,
  ): Promise<number>;
  /** False: it is paused already, and stays so for the first reason. */
  pause(partner: string | null, act: Act): Promise<boolean>;
  /** Ends the pause of a partner, or with null every pause. Answers how many. */
  endPauses(partner: string | null, act: Act): Promise<number>;
}

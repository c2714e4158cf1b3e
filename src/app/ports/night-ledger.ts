import type { Arrival } from '../../domain/expectation.ts';
import type { StopEvent } from '../../domain/stoppage.ts';
import type { AnyAct } from './account-ledger.ts';
import type { CountsByKind, LedgerFileView } from './ledger.ts';

/** What is watched of the nights, at one moment. */
export interface NightWatch {
  /** By the database's clock. */
  readonly now: Date;
  /** Since when somebody has been looking into the inboxes without a break. Null: nobody does. */
  readonly inboxesSince: Date | null;
  readonly partners: ReadonlyMap<string, WatchedPartner>;
  /** Files that wait for a run, by partner. */
  readonly waiting: ReadonlyMap<string, number>;
}

export interface WatchedPartner {
  /** Hours of its schedule up to here have been seen to. */
  readonly lookedTo: Date;
  /** By the key of an expectation: since when it is expected. */
  readonly expects: ReadonlyMap<string, Date>;
}

/** A run: of a partner, for a night. */
export interface NightRun {
  readonly partner: string;
  readonly night: string;
  /** Of its schedule, the latest of the night. */
  readonly hourAt: Date;
  readonly begunAt: Date;
  /** Hours that had gone by before without anybody to see to them: it makes up for them. */
  readonly passed: number;
}

/** Runs: who begins them, and which files they take. The leader's; each is safe in any number of processes. */
export interface NightRuns {
  watch(): Promise<NightWatch>;
  /** What a partner's config expects is expected from now on, where it was not before. Begins to watch a new partner. */
  noteExpected(partner: string, keys: readonly string[]): Promise<void>;
  /** Hours up to here have been seen to: there was none since. Never back. */
  lookTo(partner: string, moment: Date): Promise<void>;
  /**
   * Is a file of the partner's latest run before this night still to be read, or a row of it due or on its way? Not where
   * this night's has begun, more hours of one night are one run; and not while its work is paused, files are read then.
   */
  isRunUnderWay(partner: string, before: string): Promise<boolean>;
  /**
   * Begins the run of an hour and lets the files go that wait for it. Answers how many. Null: another process was quicker,
   * or a later hour has been seen to.
   */
  beginRun(run: Omit<NightRun, 'begunAt'>, actor: string): Promise<number | null>;
  /** Lets files go that were seen before their partner's latest run began and became whole after it. Answers how many. */
  takeLatecomers(): Promise<number>;
  /** Lets a waiting file go at once, or with `partner` all of it. Answers how many. */
  letGo(which: { readonly fileId: string } | { readonly partner: string }, night: string, act: AnyAct): Promise<number>;
}

/** A file with open rows. */
export interface OpenFile {
  readonly id: string;
  readonly partner: string;
  readonly night: string;
  /** Since when its rows could go to work. */
  readonly workSince: Date;
  /** Its result was there before: what is at work of it was taken back to work since. */
  readonly wasSettled: boolean;
  readonly countsByKind: CountsByKind;
}

/** What people ask about a night. */
export interface NightViews {
  runsOf(night: string): Promise<readonly NightRun[]>;
  filesOfNight(night: string): Promise<readonly LedgerFileView[]>;
  /** Files that came from here on, of all partners. Those that were read again did not come again. */
  arrivalsSince(moment: Date): Promise<readonly Arrival[]>;
  /** Read to their end, let go, and with open rows. */
  openFiles(): Promise<readonly OpenFile[]>;
  stopEvents(between: { readonly from: Date; readonly to: Date }): Promise<readonly StopEvent[]>;
}

export type NightLedger = NightRuns & NightViews;

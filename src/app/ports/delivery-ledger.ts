import type { DeliveryCode } from '../../domain/delivery.ts';
import type { FileKind } from '../../domain/file-life.ts';
import type { Act } from './held-files.ts';
import type { CountsByKind, ResultRow } from './ledger.ts';

export type Channel = 'file' | 'webhook' | 'email';

/** To whom and how. */
export interface Target {
  readonly channel: Channel;
  /** A partner; null: those who run leadsync. */
  readonly recipient: string | null;
}

export type DeliveryState = 'pending' | 'delivered' | 'given_up';

export interface Delivery extends Target {
  readonly id: string;
  readonly about: 'night' | 'file';
  readonly night: string | null;
  readonly fileId: string | null;
  readonly version: number | null;
  readonly state: DeliveryState;
  readonly tries: number;
  readonly createdAt: Date;
  /** Of a pending one. */
  readonly nextAt: Date | null;
  readonly endedAt: Date | null;
  /** Why the last try did not arrive. */
  readonly code: DeliveryCode | null;
  readonly httpStatus: number | null;
}

/** A delivery that somebody is at, and what it takes to write its message. */
export interface ClaimedDelivery extends Delivery {
  readonly payload: unknown;
  /** Of a message in pages: the row that was told last. Null: none yet. */
  readonly toldTo: RowPlace | null;
  /** Whose it is: the end of a try counts only as long as nobody has taken or sent the delivery anew. */
  readonly claim: string;
  /** Rows that have not moved since were told with an earlier version. Null: all are told. */
  readonly rowsSince: Date | null;
  readonly ageMs: number;
  readonly failingForMs: number;
}

export interface RowPlace {
  readonly rowNumber: number;
  readonly kind: string;
}

/** What a partner is told of a file whose result is issued: ids and counts. */
export interface SettledFile {
  readonly kind: FileKind;
  readonly sourceSha256: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly countsByKind: CountsByKind;
  /** What became of each row is told as well. */
  readonly withRows: boolean;
}

/** A receiver that something could not be told to. */
export interface TargetTrouble extends Target {
  /** Null: it can be told again. */
  readonly failingSince: Date | null;
  readonly code: DeliveryCode | null;
  readonly httpStatus: number | null;
  /** Nothing more is sent to it until a person says so. */
  readonly stoppedAt: Date | null;
  /** Deliveries that wait. */
  readonly waiting: number;
  /** Deliveries of the last fortnight that were given up and not sent again. */
  readonly givenUp: number;
}

/** What is told outside. Written down in the transaction of what it tells of, and taken from here by whoever delivers. */
export interface DeliveryLedger {
  /** The last night that was ended, and the present moment. */
  lastNight(): Promise<{ readonly night: string | null; readonly now: Date }>;
  /** Ends a night and writes down who is to be told, in one transaction. False: it was ended before. */
  endNight(night: string, summary: unknown, targets: readonly Target[], actor: string): Promise<boolean>;
  /**
   * Takes what is due, the oldest of each lane, a few of each receiver. A claim ends by itself, so that what a dead
   * process was at goes on.
   */
  claimDue(channels: readonly Channel[], limit: number): Promise<readonly ClaimedDelivery[]>;
  delivered(delivery: ClaimedDelivery, httpStatus: number | null): Promise<void>;
  /** A page has arrived: the next one is due at once. */
  toldTo(delivery: ClaimedDelivery, place: RowPlace): Promise<void>;
  /** Given up, since nobody is to be told any more: neither an alarm nor a reason to stop. */
  dropped(delivery: ClaimedDelivery): Promise<void>;
  /** `delayMs` null: given up. `stop`: nothing more is sent to the receiver. */
  failed(
    delivery: ClaimedDelivery,
    end: {
      readonly code: DeliveryCode;
      readonly httpStatus: number | null;
      readonly delayMs: number | null;
      readonly stop: boolean;
    },
    actor: string,
  ): Promise<void>;
  /**
   * Rows of a file in their order, behind a place; those alone that have moved since a moment, or whose original has.
   */
  settledRows(
    fileId: string,
    page: { readonly after: RowPlace | null; readonly since: Date | null; readonly limit: number },
  ): Promise<readonly ResultRow[]>;
  /** Receivers in trouble, longest first. */
  troubles(): Promise<readonly TargetTrouble[]>;
  /** Removes deliveries that ended more than 90 days ago, the oldest first. Answers how many. */
  removeEnded(limit: number): Promise<number>;
  /** Newest first. */
  deliveries(filter: DeliveryFilter): Promise<readonly Delivery[]>;
  /** Sends it again, from its first page, whatever became of it. False: there is none of this id. */
  sendAgain(id: string, act: Act): Promise<boolean>;
  /** Something may be sent to a receiver again, and what waits is due at once. False: it was not stopped. */
  goOn(target: Target, act: Act): Promise<boolean>;
}

export interface DeliveryFilter {
  readonly limit: number;
  /** Those that are older than this one. */
  readonly belowId?: string;
  readonly id?: string;
  readonly night?: string;
  readonly fileId?: string;
  readonly partner?: string;
  readonly state?: DeliveryState;
}

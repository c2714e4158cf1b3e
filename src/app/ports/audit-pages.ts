/** One event of the audit log, for people. */
export interface AuditEvent {
  readonly seq: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly partner: string | null;
  readonly fileId: string | null;
  readonly rowId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  /** Numbers and ids; never a value of a person. */
  readonly detail: unknown;
}

export interface AuditFilter {
  /** Those of people alone: of the command line and the console. */
  readonly isOfPeople?: boolean;
  readonly actor?: string;
  readonly action?: string;
  readonly partner?: string;
  /** Of the file itself: not of its rows. */
  readonly fileId?: string;
  readonly rowId?: string;
  readonly since?: Date;
  readonly until?: Date;
}

export interface AuditPage {
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  /** Where the next page goes on. Null: there are no older ones. */
  readonly next: string | null;
  /** So many events were looked at without finding a page full. Null: the page is full, or there are no more. */
  readonly lookedAt: number | null;
}

/** The audit log as pages. A page costs about the same, whatever the log holds. */
export interface AuditPages {
  /** Events before one of them. Null: the newest. */
  page(filter: AuditFilter, before: string | null, limit: number): Promise<AuditPage>;
}

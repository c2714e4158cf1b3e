/** What stands for a number that the ledger gives. `labels` in the order of the documentation. */
export interface MetricName {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every metric of ours, and what it means. docs/console.md says the same; a test compares. */
export const metricNames = {
  ledgerUp: {
    name: 'leadsync_ledger_up',
    help: 'The ledger answered this scrape (1), or did not (0): then every other number of the ledger is absent.',
    labels: [],
  },
  rows: {
    name: 'leadsync_rows',
    help: 'Rows by outcome, of all time.',
    labels: ['partner', 'kind', 'state'],
  },
  rowsInDoubt: {
    name: 'leadsync_rows_in_doubt',
    help: 'Rows of which nobody knows whether their request was carried out. A person finds out.',
    labels: ['kind'],
  },
  oldestInDoubt: {
    name: 'leadsync_oldest_in_doubt_age_seconds',
    help: 'For how long the oldest row in doubt has been so. Absent: none is.',
    labels: ['kind'],
  },
  oldestWaiting: {
    name: 'leadsync_oldest_waiting_row_age_seconds',
    help: 'For how long the row that is due longest has been due; rows of held files are not due. 0: none is due.',
    labels: ['kind'],
  },
  needsPerson: {
    name: 'leadsync_needs_person',
    help: 'Things that need a person and that nobody has acknowledged (urgent="true"), and the others that `leadsync status` lists.',
    labels: ['urgent'],
  },
  breaker: {
    name: 'leadsync_breaker_state',
    help: 'The outage breaker of the API account: 1 for the state that it is in (closed, open, probing).',
    labels: ['state'],
  },
  halted: {
    name: 'leadsync_endpoint_halted',
    help: 'Calls to this endpoint are halted (1), since it refuses everybody.',
    labels: ['endpoint'],
  },
  paused: {
    name: 'leadsync_work_paused',
    help: 'Work of this partner is paused (1); partner="*" is everybody.',
    labels: ['partner'],
  },
  services: {
    name: 'leadsync_services_alive',
    help: 'Processes whose heartbeat is fresh, by role.',
    labels: ['role'],
  },
  calls: {
    name: 'leadsync_api_calls_total',
    help: 'Calls to the Leads API by how they ended, of all processes; outcomes as in docs/console.md.',
    labels: ['endpoint', 'outcome'],
  },
  callDuration: {
    name: 'leadsync_api_call_duration_seconds',
    help: 'How long calls to the Leads API took, of all processes. Calls that were withheld are not among them.',
    labels: ['endpoint'],
  },
  requestDuration: {
    name: 'leadsync_console_request_duration_seconds',
    help: "How long this console's own requests took.",
    labels: ['route', 'method', 'status'],
  },
} as const satisfies Readonly<Record<string, MetricName>>;

/** A right on a whole table or view, or on these columns of it. */
export type Right = true | readonly string[];
export type TableRights = Readonly<Partial<Record<'select' | 'insert' | 'update' | 'delete', Right>>>;

const readAndAdd = { select: true, insert: true } as const;
const readAddChange = { ...readAndAdd, update: true } as const;
const readAddRemove = { ...readAndAdd, delete: true } as const;

/**
 * All that the service may do in the ledger, table by table: `leadsync migrate` grants it to the role of DATABASE_URL. A
 * table that is not here is closed to it. Nowhere may it truncate, make or change a trigger, or reach the schema.
 */
export const runtimeRights: Readonly<Record<string, TableRights>> = {
  // Its number, time and transaction are the database's to give: not even the service can date an entry back.
  audit_event: {
    select: true,
    insert: [
      'actor',
      'action',
      'partner',
      'file_id',
      'row_id',
      'attempt_id',
      'from_state',
      'to_state',
      'fence',
      'version',
      'code',
      'reason',
      'detail',
    ],
  },
  audit_seal: readAndAdd,
  // What was asked, of whom and when stays; how it ended is written once it has.
  attempt: {
    ...readAndAdd,
    update: ['ended_at', 'evidence', 'http_status', 'outcome', 'code', 'lead_id', 'late'],
  },
  recovered_attempt: readAndAdd,
  ledger_stamp: readAndAdd,
  // To lock a key for as long as rows of it are inserted takes the right to change some column.
  wrapped_key: { ...readAndAdd, update: ['wrapped'] },
  key_rotation: readAndAdd,
  file: readAddChange,
  retention_file: readAddChange,
  // What is blocked goes in and, when its time is over, away. To read it is for the owner of the schema.
  blocked_payload: {
    select: ['row_id', 'partner', 'key_id', 'blocked_at', 'destroy_at'],
    insert: true,
    delete: true,
  },
  ledger_row: readAddChange,
  file_delta: { ...readAddRemove, update: true },
  file_count: readAddChange,
  file_tally: { select: true },
  file_kind_tally: { select: true },
  row_ended: readAddRemove,
  update_word: readAddRemove,
  replay_batch: { ...readAddChange, delete: true },
  replay_row: { ...readAddChange, delete: true },
  person_tag: readAddRemove,
  person_unindexed: { ...readAddChange, delete: true },
  person_word: readAddRemove,
  partner_watch: readAddChange,
  erasure: readAddChange,
  suppressed_tag: readAddRemove,
  suppression_list: { select: true, update: true },
  erasing_row: readAddRemove,
  erasing_file: { ...readAddChange, delete: true },
  night_run: readAddChange,
  night_end: readAndAdd,
  delivery: { ...readAddChange, delete: true },
  delivery_target: readAddChange,
  alarm_acknowledgement: { ...readAddChange, delete: true },
  worker_instance: readAddChange,
  api_account: readAddChange,
  api_halt: { ...readAddChange, delete: true },
  api_pace: readAddChange,
  api_places: readAddChange,
  work_pause: readAddRemove,
  ledger_gap: readAddRemove,
  roll_call: readAddRemove,
  host_spool: { ...readAddChange, delete: true },
  backlog_minute: readAddRemove,
  console_post: { ...readAddChange, delete: true },
  console_search: readAddRemove,
  console_session: { ...readAddChange, delete: true },
  call_total: readAddChange,
  call_minute: { ...readAddChange, delete: true },
  config_in_force: { ...readAddChange, delete: true },
  leadsync_migration: { select: true },
};

/**
 * Columns whose sequence the service may look at and move. After a restore the numbers of rows go on behind the highest
 * that was sent (gap.ts).
 */
export const runtimeSequences: readonly (readonly [table: string, column: string])[] = [['ledger_row', 'id']];

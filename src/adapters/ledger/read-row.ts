import { sql } from 'kysely';

/** The columns of a LedgerRow, aliased to its names. `r` is the row's table alias; big integers come as text. */
export const rowColumns = sql.raw(`
  r.id::text as id, r.kind, r.partner, r.file_id::text as "fileId", r.row_number as "rowNumber", r.state, r.step,
  r.version, r.fence, r.attempts, case when r.trying_since is not null then (extract(epoch from clock_timestamp()
    - greatest(r.trying_since, (select max(flowing_since) from api_account))) * 1000)::float8 end as "tryingForMs",
  r.next_at as "nextAt", r.code, r.identity, r.content, r.key_id as "keyId", r.payload, r.problems, r.warnings,
  r.duplicate_of::text as "duplicateOf", r.lead_row::text as "leadRow", r.lead_id as "leadId",
  r.id_landing as "idLanding", r.client_answer as "clientAnswer", r.checked_at as "checkedAt",
  (extract(epoch from clock_timestamp() - r.checked_at) * 1000)::float8 as "checkAgeMs",
  r.agente_id as "agenteId", r.message, r.holder, r.attempt_id as "attemptId", r.intent_at as "intentAt",
  r.replays, r.ended_job as "endedJob", r.redeliveries, r.created_at as "createdAt",
  (extract(epoch from clock_timestamp() - r.created_at) * 1000)::float8 as "ageMs", r.updated_at as "updatedAt",
  r.erasure_id::text as erasure`);

import { sql } from 'kysely';
import type { MoveResult, RowMove, RowMoves } from '../../app/ports/row-moves.ts';
import type { RowState } from '../../app/ports/row.ts';
import { defaultAccount } from '../../domain/account.ts';
import { createAnnounced, type Announced } from './announced.ts';
import { createGroupCommit } from './group-commit.ts';
import type { LedgerDatabase } from './database.ts';
import { holdingUpdateStates, openRowStates } from './state-lists.ts';
import { mayAnnounce } from './roll-call.ts';
import { goesBefore } from './update-order.ts';

/**
 * The one write path of rows: concurrent moves become one statement. It locks the rows in id order (two processes with
 * the same rows can't deadlock), compares state, fence and version, changes the row, writes attempt, audit event and
 * the file's counters, and answers who won. One statement and no open transaction, so a frozen process holds no lock.
 *
 * Every call announces its attempt here before it leaves, so this is where a held file is held, and where calls stop
 * (AccountLedger): a row that may not call can't begin an attempt. And it is where a ledger that failed over behind the
 * truth, or was restored under a running process, is noticed: it does not know the create before, or not every host has
 * compared its spool with it since it began anew.
 */
export function createRowMoves(db: LedgerDatabase, announced: Announced = createAnnounced()): RowMoves {
  const write = createGroupCommit<RowMove, MoveResult>({
    keyOf: (move) => move.rowId,
    async execute(moves) {
      const results = await executeMoves(db, moves, announced);
      const begun = moves.flatMap(({ begin }, at) =>
        begin?.step === 'create' && results[at]?.won === true ? [begin.attemptId] : [],
      );
      const unsent = new Set(moves.flatMap(({ end }) => (end?.evidence === 'never_written' ? [end.attemptId] : [])));
      if (begun.length > 0) announced.add(begun);
      if (unsent.size > 0) announced.withdraw(unsent);
      return results;
    },
  });
  return {
    async move(move) {
      try {
        return await write(move);
      } catch (error) {
        if (isTaken(error)) return { won: false, why: 'taken' };
        throw error;
      }
    },
  };
}

/** The leadId, the lead's identity or the lead's one push is somebody else's: these unique indexes say so, and no others. */
const claims = new Set<unknown>(['lead_lead_id', 'lead_identity', 'update_on_its_way', 'update_of_lead_id_on_its_way']);

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && claims.has(error.constraint);
}

async function executeMoves(
  db: LedgerDatabase,
  moves: readonly RowMove[],
  announced: Pick<Announced, 'last' | 'spool'>,
): Promise<MoveResult[]> {
  const input = JSON.stringify(moves.map((move, ord) => toInput(move, ord)));
  const { rows } = await sql<Answer>`
    with input as materialized (
      select * from jsonb_to_recordset(${input}::jsonb) as i(
        ord int, row_id bigint, from_states jsonb, fence int, version int, attempt uuid, to_state text, new_fence boolean,
        patch jsonb, checked_now boolean, trying boolean, due_in_ms float8, late_for_ms float8, begin_attempt jsonb,
        end_attempt jsonb, audit jsonb)
    ), locked as materialized (
      select i.*, r.kind, r.partner, r.file_id, r.state as old_state, r.fence as old_fence, r.version as old_version,
        r.attempt_id as old_attempt, r.lead_id as old_lead_id, r.erasure_id,
        i.begin_attempt is not null and coalesce(f.state = 'held' and r.row_number > f.let_through_to, false) as held
      from input i join ledger_row r on r.id = i.row_id left join file f on f.id = r.file_id
      order by r.id for no key update of r
    ), looked_at as materialized (
      select l.*, l.from_states ? l.old_state and l.fence = l.old_fence as is_there,
        -- Nothing stops calls on most days, and then no row is looked at.
        l.begin_attempt is not null and (${somethingStops} and ${isStopped} or not ${knowsAll(announced.last())}
          or not ${mayAnnounce(announced.spool())}) as stopped,
        coalesce(l.begin_attempt ->> 'step' = 'push', false) and ${isOutOfTurn} as out_of_turn
      -- Every row is locked before the first is changed: a change may have to wait for another statement's leadId.
      from locked l where (select count(*) from locked) > 0
    ), judged as materialized (
      select l.*, l.is_there and not l.held and not l.stopped and (l.version is null or l.version = l.old_version)
        and (l.attempt is null or l.attempt is not distinct from l.old_attempt)
        -- There is nothing left in it that could be sent.
        and (l.erasure_id is null or l.to_state is null or l.to_state not in ${openRowStates})
        and (l.patch ->> 'lead_id' is null or not exists (
          select from ledger_row other where other.kind = 'lead' and l.kind = 'lead'
            and other.lead_id = l.patch ->> 'lead_id' and other.id <> l.row_id)) and not l.out_of_turn as wins
      from looked_at l
    ), updated as (
      update ledger_row r set
        state = coalesce(w.to_state, r.state),
        version = r.version + case when w.to_state is null then 0 else 1 end,
        fence = r.fence + case when w.new_fence then 1 else 0 end,
        next_at = case when w.to_state is null and w.due_in_ms is null then r.next_at
          else clock_timestamp() + w.due_in_ms * interval '1 millisecond' end,
        updated_at = case when w.to_state is null then r.updated_at else clock_timestamp() end,
        trying_since = case when w.trying then coalesce(r.trying_since, clock_timestamp())
          when (w.patch ->> 'attempts')::int = 0 then null else r.trying_since end,
        checked_at = case when w.checked_now then clock_timestamp() else r.checked_at end,
        intent_at = case when w.begin_attempt is not null and w.to_state is not null
          then clock_timestamp() else r.intent_at end,
        may_be_set = case when w.late_for_ms is not null then true
          when w.to_state = 'received' and w.old_state in ('rejected', 'cancelled') then false else r.may_be_set end,
        late_until = greatest(r.late_until, r.intent_at + w.late_for_ms * interval '1 millisecond'),
        ${changes}
      from judged w where w.wins and r.id = w.row_id
      returning w.ord, r.id, r.kind, r.partner, r.file_id, r.followed, w.old_state, r.state, r.version, r.fence, r.code,
        w.to_state, w.begin_attempt, w.end_attempt, w.audit
    ), begun as (
      insert into attempt (id, row_id, step, fence, instance)
      select (u.begin_attempt ->> 'attemptId')::uuid, u.id, u.begin_attempt ->> 'step', u.fence, u.begin_attempt ->> 'instance'
      from updated u where u.begin_attempt is not null
    ), ended as (
      -- An answer is kept on its attempt even when the row has moved on without it: late evidence.
      update attempt a set ended_at = clock_timestamp(), evidence = j.end_attempt ->> 'evidence',
        http_status = (j.end_attempt ->> 'httpStatus')::int, outcome = j.end_attempt ->> 'outcome',
        code = j.end_attempt ->> 'code', lead_id = j.end_attempt ->> 'leadId', late = not j.wins
      from judged j where j.end_attempt is not null and a.id = (j.end_attempt ->> 'attemptId')::uuid
        -- A repeat of a write whose commit was unknown must not make its own answer late.
        and (a.ended_at is null or j.wins)
      returning a.id, j.ord
    ), audited as (
      insert into audit_event (actor, action, partner, file_id, row_id, attempt_id, from_state, to_state, fence, version,
        code, reason, detail)
      select u.audit ->> 'actor', u.audit ->> 'action', u.partner, u.file_id, u.id,
        coalesce(u.begin_attempt ->> 'attemptId', u.end_attempt ->> 'attemptId')::uuid,
        case when u.to_state is not null then u.old_state end, u.to_state, u.fence, u.version,
        u.audit ->> 'code', u.audit ->> 'reason', coalesce(u.end_attempt - 'attemptId', u.audit -> 'detail')
      from updated u where u.audit is not null order by u.id
    ), suspected as (
      -- A leadId for a row that a person or the sweeper has judged otherwise meanwhile: the lead may exist twice.
      insert into audit_event (actor, action, partner, file_id, row_id, attempt_id, code, detail)
      select j.audit ->> 'actor', 'lead.duplicate_suspected', j.partner, j.file_id, j.row_id,
        (j.end_attempt ->> 'attemptId')::uuid, 'API_LEAD_ID_LATE', jsonb_build_object('leadId', j.end_attempt ->> 'leadId')
      from judged j where j.end_attempt ->> 'leadId' is not null and not j.wins
        and j.old_lead_id is distinct from j.end_attempt ->> 'leadId'
    ), came_late as (
      -- Every other answer that finds its row moved on: it changes nothing, and an auditor can see what it would have said.
      insert into audit_event (actor, action, partner, file_id, row_id, attempt_id, code, detail)
      select coalesce(j.audit ->> 'actor', 'unknown'), 'attempt.ended_late', j.partner, j.file_id, j.row_id, e.id,
        j.end_attempt ->> 'code', j.end_attempt - 'attemptId'
      from judged j join ended e on e.ord = j.ord
      where not j.wins
        and (j.end_attempt ->> 'leadId' is null or j.old_lead_id is not distinct from j.end_attempt ->> 'leadId')
    ), word as (
      -- For the leader, who tells the duplicates (follow-leads.ts).
      insert into row_ended (row_id) select u.id from updated u
      where u.followed and u.to_state is not null and u.to_state not in ${openRowStates} order by u.id
    ), counted as (
      insert into file_delta (file_id, kind, state, n, moves)
      select file_id, kind, state, sum(n), sum(moves) from (
        select u.file_id, u.kind, u.old_state as state, -1 as n, 0 as moves from updated u where u.to_state is not null
        union all select u.file_id, u.kind, u.state, 1, 1 from updated u where u.to_state is not null
      ) as parts where file_id is not null group by file_id, kind, state
    )
    select j.ord, j.wins as won, u.state, u.version, u.fence, j.stopped, j.held,
      (j.patch ->> 'lead_id' is not null or j.out_of_turn) and not j.wins and j.is_there as taken
    from judged j left join updated u on u.ord = j.ord`.execute(db);
  const answers = new Map(rows.map((answer) => [answer.ord, toResult(answer)]));
  return moves.map((_, ord) => answers.get(ord) ?? gone);
}

/** The columns that a move can change; one that `patch` does not name stays as it is. */
const changes = sql.raw(
  Object.entries({
    step: 'text',
    attempts: 'int',
    code: 'text',
    problems: 'jsonb',
    warnings: 'jsonb',
    duplicate_of: 'bigint',
    lead_row: 'bigint',
    lead_id: 'text',
    id_landing: 'text',
    client_answer: 'jsonb',
    agente_id: 'text',
    message: 'bytea',
    holder: 'text',
    attempt_id: 'uuid',
    replays: 'int',
    ended_job: 'text',
    redeliveries: 'int',
  } satisfies Record<keyof ReturnType<typeof toPatch>, string>)
    .map(
      ([column, type]) =>
        `${column} = case when w.patch ? '${column}' then (w.patch ->> '${column}')::${type} else r.${column} end`,
    )
    .join(', '),
);

/** A row that is not there. */
const gone: MoveResult = { won: false, why: 'moved_on' };

/** Does this ledger know what this process, or its host before it, has announced last? Asked once a statement. */
const knowsAll = (announced: string | null) => sql`(select ${announced}::uuid is null
  or exists (select from attempt where id = ${announced}::uuid)
  or exists (select from recovered_attempt where id = ${announced}::uuid))`;

/** Once a statement: a look at four tables of a row or none. */
const somethingStops = sql.raw(`(
  select exists (select from work_pause) or exists (select from api_halt)
    or exists (select from api_account where breaker <> 'closed') or exists (select from erasing_row))`);

/**
 * Of one row and the step that it would begin. While something is probed its row goes, and of an outage's probe no create.
 * A client check is of no use while creates are halted: it would be too old when they go on.
 */
const isStopped = sql`(
  exists (select from erasing_row e where e.row_id = l.row_id)
  or exists (select from work_pause p where p.partner in ('', l.partner))
  or exists (select from api_account a where a.account = ${defaultAccount} and a.breaker <> 'closed'
    and not (a.probe_row is not distinct from l.row_id and a.probe_until > clock_timestamp()
      and l.begin_attempt ->> 'step' <> 'create'))
  or exists (select from api_halt h where h.account = ${defaultAccount}
    and h.endpoint = any (case l.begin_attempt ->> 'step' when 'check' then array['clientData', 'altaLead']
      when 'create' then array['altaLead'] else array['updateLead'] end)
    and not (h.probe_row is not distinct from l.row_id and h.probe_until > clock_timestamp())))`;

/**
 * Is another update of the lead on its way, or was it sent and not answered since the turn of this one was looked at? By
 * what had been committed when the statement began. The unique indexes say no more than that two are not on their way at
 * once. What is seen here `isHeld` must see as well, or the row would be woken and sent back for ever.
 */
const isOutOfTurn = sql`(
  exists (select from ledger_row o where o.kind = 'update' and o.state = 'pushing' and o.id <> l.row_id
    and o.lead_row = (l.patch ->> 'lead_row')::bigint)
  or exists (select from ledger_row o where o.kind = 'update' and o.state = 'pushing' and o.id <> l.row_id
    and o.lead_row is null and o.lead_id = l.patch ->> 'lead_id' and o.partner = l.partner)
  or exists (select from ledger_row o join ledger_row u on u.id = l.row_id where o.kind = 'update' and o.id <> l.row_id
    and o.may_be_set and o.state in ${holdingUpdateStates} and o.lead_id = l.patch ->> 'lead_id' and o.partner = l.partner
    and ${goesBefore}))`;

interface Answer {
  readonly ord: number;
  readonly won: boolean;
  readonly state: RowState;
  readonly version: number;
  readonly fence: number;
  readonly held: boolean;
  readonly stopped: boolean;
  readonly taken: boolean;
}

function toResult(answer: Answer): MoveResult {
  if (answer.won) return { won: true, state: answer.state, version: answer.version, fence: answer.fence };
  if (answer.held) return { won: false, why: 'held' };
  if (answer.stopped) return { won: false, why: 'stopped' };
  return { won: false, why: answer.taken ? 'taken' : 'moved_on' };
}

function toInput(move: RowMove, ord: number) {
  return {
    ord,
    row_id: move.rowId,
    from_states: move.from,
    fence: move.fence,
    version: move.version ?? null,
    attempt: move.attempt ?? null,
    to_state: move.to,
    new_fence: move.newFence ?? false,
    patch: toPatch(move),
    checked_now: move.set?.checkedNow ?? false,
    trying: move.set?.trying ?? false,
    due_in_ms: move.dueInMs ?? null,
    late_for_ms: move.mayArriveForMs ?? null,
    begin_attempt: move.begin ?? null,
    end_attempt: move.end ?? null,
    audit: move.audit,
  };
}

/** In JSON what is undefined is absent. */
function toPatch({ set = {}, begin }: RowMove) {
  return {
    step: set.step,
    attempts: set.attempts,
    code: set.code,
    problems: set.problems,
    warnings: set.warnings,
    duplicate_of: set.duplicateOf,
    lead_row: set.leadRow,
    lead_id: set.leadId,
    id_landing: set.idLanding,
    client_answer: set.clientAnswer,
    agente_id: set.agenteId,
    message: set.message && `\\x${Buffer.from(set.message).toString('hex')}`,
    holder: set.holder,
    attempt_id: begin?.attemptId,
    replays: set.replays,
    ended_job: set.endedJob,
    redeliveries: set.redeliveries,
  };
}

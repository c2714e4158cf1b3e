import pg from 'pg';
import type { Vault } from '../../src/app/ports/vault.ts';

/** What `fillLedger` has written. */
export interface Filled {
  /** Of a file of a third of all rows, settled long ago. */
  readonly bigFile: string;
  /** Of the newest file, whose rows are at work. */
  readonly newestFile: string;
  /** A row that was sent and registered, with its audit trail and attempts. */
  readonly registeredRow: string;
}

/** Who sends, and of a hundred rows how many. `rara` has one small file, long ago. */
const partners = ['acme', 'brisa', 'norte', 'sur', 'rara'] as const;

/**
 * Fills a migrated ledger as `rows` leads of 60 nights would have left it: files of five partners (one of them as large as
 * a third of all), rows in every state of a lead, two audit events a row and its attempts, and counters that are right.
 * Written behind the triggers' back, since it would take an hour through the front door. Synthetic throughout; all rows of a
 * partner say the same.
 */
export async function fillLedger(url: string, vault: Vault, rows: number): Promise<Filled> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const keys = await Promise.all(partners.map((partner) => vault.keyFor(partner)));
    const fields = { dni: '00000001R', name: 'Ana Sintética', partner: 'Acme S.L.', phone: '600000001' };
    const payload = JSON.stringify({ fields, partnerLeadId: 'CRM-2026-1' });
    await client.query('set session_replication_role = replica');
    await client.query(
      `create temp table sender (partner text, key_id integer, name bytea, payload bytea, nr integer)`,
    );
    for (const [at, partner] of partners.entries()) {
      const key = keys[at];
      if (key === undefined) throw new Error('unreachable: a key for each');
      await client.query('insert into sender values ($1, $2, $3, $4, $5)', [
        partner,
        key.id,
        Buffer.from(key.seal('hubspot-crm-exports-2026-11-27.csv')),
        Buffer.from(key.seal(payload)),
        at,
      ]);
    }
    for (const statement of filling)
      await client.query(statement.includes('$1') ? { text: statement, values: [rows] } : statement);
    for (const table of ['file', 'ledger_row', 'attempt', 'audit_event', 'file_count'])
      await client.query(`vacuum analyze ${table}`);
    const { rows: found } = await client.query<Filled>(`select
      (select file_id::text from file_count group by file_id order by sum(n) desc limit 1) as "bigFile",
      (select max(id)::text from file) as "newestFile",
      (select id::text from ledger_row where state = 'registered' and attempts = 1 order by id desc limit 1) as "registeredRow"`);
    const [filled] = found;
    if (filled === undefined) throw new Error('unreachable: one row of three');
    return filled;
  } finally {
    await client.end();
  }
}

const filling = [
  // Nights 60 (oldest) to 0. The third night is a partner's whole stock; `rara` came once.
  `create temp table night as
    select s.*, n as nights_ago, case when s.partner = 'acme' and n = 57 then $1::int / 3
      when s.partner = 'rara' then 30
      else greatest(2, ($1::int * 2 / 3 * (array[0.6, 0.25, 0.1, 0.05])[s.nr + 1] / 60)::int) end as rows
    from sender s cross join generate_series(0, 60) as n where s.partner <> 'rara' or n = 40`,
  `insert into file (partner, kind, key_id, name, sha256, bytes, config_version, state, encoding, encoding_why,
      encoding_confidence, delimiter, last_row, row_count, arrived_at, due_at, work_since, settled_at, result_version, night)
    select partner, 'leads', key_id, name, encode(sha256((partner || nights_ago)::bytea), 'hex'), rows * 100, 'v1',
      case when nights_ago = 0 then 'read' else 'settled' end, 'utf-8', 'valid', 'certain', ';', rows + 1, rows,
      at, at, at + interval '1 minute', case when nights_ago > 0 then at + interval '2 hours' end,
      case when nights_ago > 0 then 1 else 0 end, (at + interval '12 hours')::date
    from (select *, clock_timestamp() - nights_ago * interval '1 day' - interval '5 hours' + nr * interval '1 minute' as at
      from night) as n order by nights_ago desc, partner`,
  `create temp table filed as select f.id, f.partner, f.arrived_at, n.nights_ago, n.rows, n.key_id, n.payload
    from file f join night n on n.partner = f.partner and f.sha256 = encode(sha256((n.partner || n.nights_ago)::bytea), 'hex')`,
  `create temp table made as
    select f.id as file_id, f.partner, f.key_id, f.payload, f.arrived_at, n + 1 as row_number, f.nights_ago,
      -- Of ten thousand: what a row becomes is scattered over its file.
      ((n::bigint * 7919 + f.id * 31) % 10000)::int as luck
    from filed f cross join lateral generate_series(1, f.rows) as n`,
  `insert into ledger_row (kind, partner, file_id, row_number, state, step, version, fence, attempts, next_at, code, identity,
      content, partner_lead_id, arrived_at, key_id, payload, problems, lead_id, id_landing, client_answer, checked_at,
      agente_id, holder, attempt_id, intent_at, created_at, updated_at)
    select 'lead', partner, file_id, row_number, state, case when state in ('waiting', 'received') then 'check' end,
      case when state = 'rejected' then 0 else 4 end, 1, case when state in ('registered', 'failed', 'in_doubt') then 1 else 0 end,
      case when state in ('waiting', 'received') then now() - interval '1 minute' end,
      case state when 'rejected' then (array['ROW_NIF_INVALID', 'ROW_PHONE_INVALID', 'ROW_NIF_MISSING'])[1 + luck % 3]
        when 'failed' then 'API_KO' when 'in_doubt' then 'API_NO_ANSWER' when 'waiting' then 'API_KO' end,
      case when state <> 'rejected' then gen_random_uuid() end, gen_random_uuid(), gen_random_uuid(), arrived_at, key_id, payload,
      case when state = 'rejected' then '[{"code": "ROW_NIF_INVALID", "column": "dni"}]'::jsonb else '[]' end,
      case when state = 'registered' then 'L-' || file_id || '-' || row_number end,
      case when state = 'registered' then 'IL-' || file_id || '-' || row_number end,
      case when state in ('registered', 'in_doubt') then '{"client": true, "partnerManage": true, "agentId": "0051245",
        "multiAcceso": false, "reference": null}'::jsonb end,
      arrived_at + interval '10 minutes', case when state in ('registered', 'in_doubt') then '0051245' end,
      case when state in ('registered', 'failed', 'in_doubt') then 'worker-1' end,
      case when state in ('registered', 'failed', 'in_doubt') then gen_random_uuid() end,
      case when state in ('registered', 'failed', 'in_doubt') then arrived_at + interval '11 minutes' end,
      arrived_at + interval '1 minute', arrived_at + interval '12 minutes'
    from (select *, case
        when nights_ago = 0 and luck < 3000 then 'received'
        when nights_ago = 0 and luck < 3010 then 'waiting'
        when luck >= 9990 and nights_ago < 20 then 'in_doubt'
        when luck >= 9985 then 'abandoned'
        when luck >= 9930 then 'failed'
        when luck >= 9920 then 'cancelled'
        when luck >= 9500 then 'rejected'
        when luck >= 9000 then 'duplicate'
        when luck >= 8100 then 'not_managed'
        else 'registered' end as state from made) as m
    order by file_id, row_number`,
  `insert into file_count (file_id, kind, state, n, moves)
    select file_id, kind, state, count(*), sum(version) from ledger_row group by file_id, kind, state`,
  `insert into attempt (id, row_id, step, fence, instance, begun_at, ended_at, evidence, http_status, outcome, lead_id)
    select coalesce(attempt_id, gen_random_uuid()), id, 'create', fence, 'worker-1', updated_at - interval '200 milliseconds', updated_at,
      'response_complete', 200, 'answered', lead_id
    from ledger_row where state in ('registered', 'failed', 'in_doubt')`,
  `insert into audit_event (at, actor, action, partner, file_id, row_id, to_state, fence, version)
    select created_at, 'worker-1', 'row.received', partner, file_id, id, 'received', 0, 0 from ledger_row`,
  `insert into audit_event (at, actor, action, partner, file_id, row_id, from_state, to_state, code, fence, version)
    select updated_at, 'worker-1', 'row.' || state, partner, file_id, id, 'received', state, code, fence, version
    from ledger_row where state <> 'received'`,
  `insert into audit_event (at, actor, action, partner, file_id, to_state)
    select arrived_at, 'worker-1', 'file.arrived', partner, id, 'arrived' from file`,
];

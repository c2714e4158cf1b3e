import { sql } from 'kysely';
import type { KeyRotations, KeyStore, WrappedKey } from '../../app/ports/vault.ts';
import type { LedgerDatabase } from './database.ts';

/** Keys are added under its shared side, and rotated under the other: none is added by an old secret behind a rotation. */
export const keyLock = sql.raw(`hashtext('leadsync.keys')`);

/** The table of wrapped keys. */
export function createKeyStore(db: LedgerDatabase): KeyStore & KeyRotations {
  return {
    list: () => listKeys(db),
    secrets: () => readSecrets(db),

    add: ({ purpose, partner, month, wrapped }, secret) =>
      db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock_shared(${keyLock})`.execute(transaction);
        const { current } = await readSecrets(transaction);
        if (current !== null && current !== secret) return 'rotated';
        await sql`insert into wrapped_key (purpose, partner, month, wrapped)
          values (${purpose}, ${partner}, ${month}, ${Buffer.from(wrapped)})
          on conflict (purpose, partner, month) do nothing`.execute(transaction);
        const stored = (await listKeys(transaction)).find(
          (key) => key.purpose === purpose && key.partner === partner && key.month === month,
        );
        if (stored === undefined) throw new Error('a key was added and is gone');
        return stored;
      }),

    rewrap: (secrets, { actor, reason }, rewrap) =>
      db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${keyLock})`.execute(transaction);
        const { current } = await readSecrets(transaction);
        const keys = await listKeys(transaction);
        if (current === secrets.to) return { kind: 'done_before', keys: keys.length };
        const rewrapped = rewrap(keys);
        await sql`update wrapped_key k set wrapped = i.wrapped
          from unnest(${rewrapped.map(({ id }) => id)}::int[],
            ${rewrapped.map(({ wrapped }) => Buffer.from(wrapped))}::bytea[]) as i(id, wrapped)
          where k.id = i.id`.execute(transaction);
        await sql`
          with r as (
            insert into key_rotation (from_secret, to_secret, keys, actor)
            values (${secrets.from}, ${secrets.to}, ${keys.length}, ${actor}) returning *
          ) insert into audit_event (actor, action, reason, detail)
            select ${actor}, 'key.rotated', ${reason}, jsonb_build_object('keys', r.keys) from r`.execute(transaction);
        return { kind: 'rotated', keys: keys.length };
      }),
  };
}

async function listKeys(db: LedgerDatabase): Promise<readonly WrappedKey[]> {
  const { rows } = await sql<WrappedKey>`select id, purpose, partner, month, wrapped from wrapped_key
    order by id`.execute(db);
  return rows;
}

async function readSecrets(db: LedgerDatabase): ReturnType<KeyStore['secrets']> {
  const { rows } = await sql<{ from: string; to: string }>`select from_secret as "from", to_secret as "to"
    from key_rotation order by id`.execute(db);
  return { current: rows.at(-1)?.to ?? null, earlier: rows.map(({ from }) => from) };
}

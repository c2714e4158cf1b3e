import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/**
 * Gives each statement a name by its text, so that a connection parses and plans it once. The server keeps what has a name
 * for as long as the connection lives: only for statements whose text is the same every time.
 */
export function namingPool(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  function nameOf(text: string): string {
    const name = names.get(text) ?? `leadsync_${names.size + 1}`;
    names.set(text, name);
    return name;
  }
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const query = (text: string, values: readonly unknown[]): Promise<pg.QueryResult> =>
        client.query({ name: nameOf(text), text, values: [...values] });
      return Object.create(client, { query: { value: query } }) as PostgresPoolClient;
    },
  };
}

import { expect, test } from 'vitest';
import pg from 'pg';
import { clientOf } from '../../src/sandbox/clients.ts';
import { useSandboxes } from './sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox agents');

test('every agent that client data may name is in the table, and keeps a name that it was given', async () => {
  await sandboxes.start();
  const client = new pg.Client({ connectionString: sandboxes.databaseUrl });
  await client.connect();
  try {
    await client.query(`update sandbox.agents set name = 'Agencia Otra' where agent_id = '0051245'`);
    await sandboxes.start();
    const { rows } = await client.query<{ id: string; name: string }>(
      'select agent_id as id, name from sandbox.agents',
    );
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    const named = Array.from({ length: 100 }, (_, n) => clientOf(`123456${String(n).padStart(2, '0')}X`).agentId);
    for (const agentId of named) if (agentId !== null) expect(names.has(agentId), agentId).toBe(true);
    expect(names.get('0051245')).toBe('Agencia Otra');
    expect(names.get('0051207')).toBe('Agencia Ejemplo 07');
  } finally {
    await client.end();
  }
});

import type { Pool } from 'pg';
import { agentIdOf } from './agents.ts';
import { foldedNif } from './folded-nif.ts';

/** What the sandbox knows of a person. */
export interface SandboxClient {
  readonly client: boolean;
  readonly partnerManage: boolean;
  readonly agentId: string | null;
  readonly multiAcceso: boolean | null;
  readonly reference: string | null;
  readonly ko: boolean;
}

/**
 * Who is a client, told by the NIF alone, so that anyone can predict an answer. Looked at are the last digits of its
 * number (12345678Z: 8, or 78):
 *
 *   ..99   KO, every time
 *   ..98   a client of whom no agent is known (the contract demands the same agent: can't be created)
 *   0–4    no client, no agent: partner manages it
 *   5      no client, but an agent is proposed
 *   6      a client with an agent, multiAcceso true
 *   7      a client with an agent, multiAcceso false
 *   8      a client with an agent, not managed by the partner
 *   9      no client, not managed by the partner
 *
 * The agent is 00512 followed by the last two digits (…45: 0051245), and stands in sandbox.agents. A row of sandbox.clients overrules all this.
 */
export function clientOf(nif: string): SandboxClient {
  const lastTwo = nif.replaceAll(/\D/g, '').slice(-2).padStart(2, '0');
  const last = Number(lastTwo[1]);
  const agentId = agentIdOf(lastTwo);
  const reference = `WS-${lastTwo}`;
  const prospect = { client: false, partnerManage: true, agentId: null, multiAcceso: null, reference, ko: false };
  const client = { client: true, partnerManage: true, agentId, multiAcceso: true, reference, ko: false };
  if (lastTwo === '99') return { ...prospect, ko: true };
  if (lastTwo === '98') return { ...client, agentId: null, multiAcceso: null };
  if (last <= 4) return prospect;
  if (last === 5) return { ...prospect, agentId };
  if (last === 6) return client;
  if (last === 7) return { ...client, multiAcceso: false };
  return last === 8 ? { ...client, partnerManage: false } : { ...prospect, partnerManage: false };
}

/**
 * Looks a person up, with or without separators; the first look writes the rule's answer down. What has not the form of
 * a NIF is told by the rule alone and never written down: a `dni` may be of any length, an index entry may not.
 */
export async function lookUpClient(pool: Pool, nif: string): Promise<SandboxClient> {
  const ruled = clientOf(nif);
  const key = foldedNif(nif);
  if (key === null) return ruled;
  const { rows } = await pool.query<SandboxClient>(
    `insert into sandbox.clients as c (nif, client, partner_manage, agent_id, multi_acceso, reference, ko)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (nif) do update set asked = c.asked + 1
     returning client, partner_manage as "partnerManage", agent_id as "agentId", multi_acceso as "multiAcceso", reference, ko`,
    [key, ruled.client, ruled.partnerManage, ruled.agentId, ruled.multiAcceso, ruled.reference, ruled.ko],
  );
  return rows[0] ?? ruled;
}

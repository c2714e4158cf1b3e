import type { AuditLine } from '../app/ports/ledger.ts';
import type { Requests } from '../app/ports/requests.ts';
import type { Ports } from '../app/ports.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import { openLead, openMessage, openUpdate } from '../app/row-payload.ts';
import { rowJson } from './row-json.ts';
import { tellCalls, type CallsOfRow, type ToldAttempt } from './told-call.ts';

export interface UpdateOfLead {
  readonly row: LedgerRow;
  readonly estado: string;
  readonly history: readonly AuditLine[];
  readonly attempts: readonly ToldAttempt[];
}

/** Everything that the ledger knows of a lead. */
export interface LeadLife {
  readonly row: LedgerRow;
  readonly json: Awaited<ReturnType<typeof rowJson>>;
  readonly history: readonly AuditLine[];
  readonly attempts: readonly ToldAttempt[];
  readonly updates: readonly UpdateOfLead[];
}

export interface LifePorts extends Pick<Ports, 'ledger' | 'partners' | 'settings' | 'vault'> {
  readonly requests: Requests;
}

export async function readLeadLife(ports: LifePorts, row: LedgerRow): Promise<LeadLife> {
  const { ledger, vault } = ports;
  const updates = row.kind === 'lead' ? await ledger.updatesOf(row.id) : [row];
  const livesOfUpdates = await Promise.all(
    updates.map(async (update) => {
      const said = await openUpdate(vault, update);
      return { row: update, estado: said.estado, ...(await lived(ports, update, { update: said })) };
    }),
  );
  const [itself] = livesOfUpdates;
  return {
    row,
    json: await rowJson(vault, row),
    ...(row.kind === 'update' && itself !== undefined
      ? { history: itself.history, attempts: itself.attempts }
      : await lived(ports, row, { lead: await openLead(vault, row) })),
    updates: livesOfUpdates,
  };
}

async function lived(
  { ledger, vault, partners, settings, requests }: LifePorts,
  row: LedgerRow,
  said: CallsOfRow['said'],
): Promise<Pick<UpdateOfLead, 'attempts' | 'history'>> {
  const attempts = await ledger.attempts(row.id);
  const calls = { row, said, attempts, message: await openMessage(vault, row) };
  return {
    history: await ledger.history(row.id),
    attempts: tellCalls(calls, { partner: partners.get(row.partner), settings, requests }),
  };
}

/** A lead's life for scripts. */
export async function leadLifeJson({ vault }: Pick<Ports, 'vault'>, life: LeadLife) {
  return {
    ...life.json,
    clientAnswer: life.row.clientAnswer,
    checkedAt: life.row.checkedAt,
    history: life.history,
    attemptsMade: life.attempts,
    updates: await Promise.all(
      life.updates.map(async ({ row, estado, history, attempts }) => ({
        ...(await rowJson(vault, row)),
        estado,
        history,
        attemptsMade: attempts,
      })),
    ),
  };
}

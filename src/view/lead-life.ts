import type { AttemptLine, AuditLine } from '../app/ports/ledger.ts';
import type { Ports } from '../app/ports.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import { openUpdate } from '../app/row-payload.ts';
import { rowJson } from './row-json.ts';

export interface UpdateOfLead {
  readonly row: LedgerRow;
  readonly estado: string;
  readonly history: readonly AuditLine[];
  readonly attempts: readonly AttemptLine[];
}

/** Everything that the ledger knows of a lead. */
export interface LeadLife {
  readonly row: LedgerRow;
  readonly json: Awaited<ReturnType<typeof rowJson>>;
  readonly history: readonly AuditLine[];
  readonly attempts: readonly AttemptLine[];
  readonly updates: readonly UpdateOfLead[];
}

export async function readLeadLife(
  { ledger, vault }: Pick<Ports, 'ledger' | 'vault'>,
  row: LedgerRow,
): Promise<LeadLife> {
  const updates = row.kind === 'lead' ? await ledger.updatesOf(row.id) : [row];
  return {
    row,
    json: await rowJson(vault, row),
    history: await ledger.history(row.id),
    attempts: await ledger.attempts(row.id),
    updates: await Promise.all(
      updates.map(async (update) => ({
        row: update,
        estado: (await openUpdate(vault, update)).estado,
        history: await ledger.history(update.id),
        attempts: await ledger.attempts(update.id),
      })),
    ),
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

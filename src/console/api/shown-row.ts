import type { LedgerRow } from '../../app/ports/row.ts';
import type { Vault } from '../../app/ports/vault.ts';
import { maskPersonal } from '../../domain/mask-personal.ts';
import { rowJson } from '../../view/row-json.ts';

type RowJson = Awaited<ReturnType<typeof rowJson>>;

/** A row as scripts see it, and what is personal in its texts masked: the whole is for who reveals it with a reason. */
export async function shownRow(vault: Vault, row: LedgerRow): Promise<RowJson> {
  return masked(await rowJson(vault, row));
}

/** The same of what holds a row's JSON. */
export function masked<T extends Pick<RowJson, 'message' | 'partnerLeadId'>>(json: T): T {
  const { message, partnerLeadId } = json;
  return {
    ...json,
    message: message === null ? null : maskPersonal(message),
    partnerLeadId: partnerLeadId === null ? null : maskPersonal(partnerLeadId),
  };
}

import { isFinalEstado } from '../domain/estado.ts';
import { localTimeKey } from '../domain/local-time-key.ts';
import { readUpdateRow } from '../domain/read-update-row.ts';
import type { Partner } from '../domain/partner.ts';
import type { Problem } from '../domain/problem.ts';
import { macContent } from './keyed-hashes.ts';
import type { Ports } from './ports.ts';
import { ownIdOf } from './own-ids.ts';
import type { LedgerRow, UpdatePayload } from './ports/row.ts';

export type EnteredUpdate =
  | { readonly kind: 'entered'; readonly rowId: string }
  | { readonly kind: 'rejected'; readonly problems: readonly Problem[] };

/** One status update by hand, for a lead of the ledger: read by the same rules as a row of a file, then work like any other. */
export async function enterUpdate(
  ports: Pick<Ports, 'ledger' | 'settings' | 'vault'>,
  lead: LedgerRow,
  partner: Partner,
  update: { readonly estado: string; readonly observacion: string },
  actor: string,
): Promise<EnteredUpdate> {
  const cells = [lead.leadId ?? ownIdOf(ports.settings, lead), update.estado, update.observacion];
  // Entered now, so dated now; the column that files are ordered by has no place here.
  const byHand = { ...partner, updates: { ...partner.updates, orderBy: null } };
  const read = readUpdateRow(cells, { leadId: [0], estado: [1], observacion: [2] }, byHand);
  if (read.kind === 'rejected') return { kind: 'rejected', problems: read.problems };
  const { estado, observacion } = read.fields;
  const key = await ports.vault.keyFor(partner.id);
  const rowId = await ports.ledger.enterUpdate(
    partner.id,
    {
      state: 'received',
      code: null,
      problems: [],
      warnings: read.warnings,
      keyId: key.id,
      payload: key.seal(
        JSON.stringify({ leadId: lead.leadId, partnerLeadId: null, estado, observacion } satisfies UpdatePayload),
      ),
      identity: null,
      content: macContent(ports.vault, read.content),
      partnerLeadId: null,
      orderKey: localTimeKey(new Date(), ports.settings.timeZone),
      leadId: lead.leadId,
      isFinal: isFinalEstado(estado, partner.updates.finalEstados),
      leadRow: lead.id,
    },
    actor,
  );
  return { kind: 'entered', rowId };
}

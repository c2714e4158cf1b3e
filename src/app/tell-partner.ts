import type { DeliveryOutcome } from '../domain/delivery.ts';
import type { Told } from './deliver.ts';
import type { Ports } from './ports.ts';
import type { ClaimedDelivery, DeliveryLedger, SettledFile } from './ports/delivery-ledger.ts';
import type { ResultRow } from './ports/ledger.ts';
import type { Webhooks } from './ports/webhooks.ts';
import { resultColumnsOf, resultLine } from './result-line.ts';
import { openPartnerLeadId } from './row-payload.ts';
import type { Partner } from '../domain/partner.ts';

export type TellPorts = Pick<Ports, 'partners' | 'vault'> & {
  readonly deliveries: Pick<DeliveryLedger, 'settledRows'>;
  readonly settings: Pick<Ports['settings'], 'environment' | 'ledgerId'>;
  readonly webhooks: Webhooks;
  /** Of a partner, by the name of the file that its config gives; none: it can't be read. */
  secretsIn(file: string): readonly string[];
};

/** A message of so many rows is about 100 KB. */
const pageRows = 500;

const unsent = { kind: 'failed', httpStatus: null, retryAfterMs: null } as const;

/**
 * Tells a partner of a settled file: page by page what became of its rows, where the config asks for it, and at the end the
 * file itself, so that whoever sees `file.settled` has been told of all its rows. Each message keeps its id through all
 * tries. Rows are told as they stand when they are told.
 */
export async function tellPartner(ports: TellPorts, delivery: ClaimedDelivery): Promise<Told> {
  const { fileId, recipient } = delivery;
  const partner = recipient === null ? null : ports.partners.get(recipient);
  const webhook = partner?.webhook ?? null;
  // A config that can't be read has not taken its webhook back.
  if (partner === null && recipient !== null && ports.partners.isBroken(recipient))
    return { ...unsent, code: 'DELIVERY_NOT_CONFIGURED' };
  if (partner === null || webhook === null || fileId === null) return { kind: 'dropped' };
  const secrets = ports.secretsIn(webhook.secrets);
  if (secrets.length === 0) return { ...unsent, code: 'DELIVERY_SECRET_UNREADABLE' };
  const file = delivery.payload as SettledFile;
  const send = (page: string, type: string, data: object): Promise<DeliveryOutcome> => {
    const { environment, ledgerId } = ports.settings;
    const about = { environment, fileId, partner: partner.id, kind: file.kind, version: delivery.version };
    return ports.webhooks.send({
      url: webhook.url,
      id: `msg_${ledgerId}_${delivery.id}_${page}`,
      body: JSON.stringify({
        type,
        timestamp: delivery.createdAt.toISOString(),
        data: { ...about, ...data },
      }),
      secrets,
      isForeign: true,
    });
  };
  if (file.withRows) {
    const { toldTo, rowsSince } = delivery;
    const page = await ports.deliveries.settledRows(fileId, { after: toldTo, since: rowsSince, limit: pageRows });
    const last = page.at(-1)?.row;
    if (last !== undefined) {
      const place = { rowNumber: last.rowNumber ?? 0, kind: last.kind };
      const rows = await Promise.all(page.map((row) => tellRow(ports, row, partner)));
      const outcome = await send(`${place.rowNumber}${place.kind}`, 'rows.settled', { rows });
      return outcome.kind === 'delivered' ? { kind: 'page', toldTo: place } : outcome;
    }
  }
  const { counts, countsByKind, sourceSha256 } = file;
  return send('file', 'file.settled', { sourceSha256, counts, countsByKind });
}

/** Of the result file's columns those that are ids and codes: texts may name somebody. */
const told = ['partnerLeadId', 'outcome', 'leadId', 'code', 'updatedAt'] as const;

async function tellRow({ vault }: TellPorts, { row, original }: ResultRow, partner: Partner) {
  const partnerLeadId = await openPartnerLeadId(vault, row);
  const line = resultLine({ row, original, partnerLeadId, message: null, changed: [] }, partner);
  const columns = resultColumnsOf('leads');
  const values = told.map((name) => [name, line[columns.indexOf(name)] || null] as const);
  return { row: row.rowNumber, kind: row.kind, ...Object.fromEntries(values) };
}

import type { Delivery } from '../app/ports/delivery-ledger.ts';
import { faults } from '../domain/faults.ts';
import { showInstant } from '../view/instant.ts';
import { sayDelivery } from '../view/delivery-needs.ts';
import { formatTable } from './table.ts';
import { wrapText } from './text-width.ts';

/** Deliveries for people, within `width` columns: below one that has not arrived stands why. */
export function formatDeliveries(
  found: readonly Delivery[],
  { timeZone, width }: { readonly timeZone: string; readonly width: number },
): string {
  const columns = [
    { header: 'id', align: 'right' as const },
    { header: 'since' },
    { header: 'about', canShrink: true },
    { header: 'to', canShrink: true },
    { header: 'state' },
  ];
  const rows = found.map((one) => [
    one.id,
    showInstant(one.createdAt, timeZone).slice(0, 16),
    one.about === 'night' ? `night ${one.night ?? ''}` : `file ${one.fileId ?? ''}, version ${one.version ?? ''}`,
    `${one.channel} to ${one.recipient ?? 'ops'}`,
    sayDelivery({ ...one, code: null }),
  ]);
  const [head = '', ...lines] = formatTable(columns, rows, width).split('\n');
  const told = lines.flatMap((line, at) => {
    const one = found[at];
    if (one === undefined || one.code === null) return [line];
    const status = one.httpStatus === null ? '' : ` (${one.httpStatus})`;
    return [line, wrapText(`      ${one.code}${status}: ${faults[one.code].means}`, width, '      ')];
  });
  return [head, ...told].join('\n');
}

/** For scripts. Names are promises. */
export function deliveryJson(delivery: Delivery) {
  return {
    id: delivery.id,
    about: delivery.about,
    night: delivery.night,
    fileId: delivery.fileId,
    version: delivery.version,
    channel: delivery.channel,
    recipient: delivery.recipient,
    state: delivery.state,
    tries: delivery.tries,
    code: delivery.code,
    httpStatus: delivery.httpStatus,
    createdAt: delivery.createdAt,
    nextAt: delivery.nextAt,
    endedAt: delivery.endedAt,
  };
}

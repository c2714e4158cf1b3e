import type { Delivery, DeliveryState, TargetTrouble } from '../../app/ports/delivery-ledger.ts';
import type { Query } from '../frame/query.ts';
import type { ConsolePorts } from '../ports.ts';

/** Deliveries on a page. */
const pageSize = 50;

export const deliveryStates: readonly DeliveryState[] = ['pending', 'delivered', 'given_up'];

export interface DeliveriesListed {
  readonly partner: string | null;
  readonly file: string | null;
  readonly state: DeliveryState | null;
  /** Offered as filters. */
  readonly partners: readonly string[];
  readonly deliveries: readonly Delivery[];
  /** Receivers in trouble, whatever is filtered for. */
  readonly troubles: readonly TargetTrouble[];
  readonly now: Date;
  /** Older ones are behind this one. Null: there are none. */
  readonly next: string | null;
  /** It begins behind this one. Null: it is the first page. */
  readonly before: string | null;
}

/** One page of what is told outside, newest first. What the address says and nobody understands is left out. */
export async function readDeliveries(
  { clock, deliveries, partners }: Pick<ConsolePorts, 'clock' | 'deliveries' | 'partners'>,
  query: Query,
): Promise<DeliveriesListed> {
  const idOf = (text: string | undefined): string | null => (/^\d{1,18}$/.test(text ?? '') ? (text ?? null) : null);
  const partner = query['partner'] ?? null;
  const state = deliveryStates.find((known) => known === query['state']) ?? null;
  const [file, before] = [idOf(query['file']), idOf(query['before'])];
  const [found, troubles] = await Promise.all([
    deliveries.deliveries({
      limit: pageSize + 1,
      ...(partner === null ? {} : { partner }),
      ...(state === null ? {} : { state }),
      ...(file === null ? {} : { fileId: file }),
      ...(before === null ? {} : { belowId: before }),
    }),
    deliveries.troubles(),
  ]);
  const shown = found.slice(0, pageSize);
  const known = new Set([...partners.list().map(({ id }) => id), ...(partner === null ? [] : [partner])]);
  return {
    partner,
    file,
    state,
    partners: [...known].toSorted(),
    deliveries: shown,
    troubles,
    now: new Date(clock.wallMs()),
    next: found.length > pageSize ? (shown.at(-1)?.id ?? null) : null,
    before,
  };
}

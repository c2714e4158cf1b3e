import { html } from 'hono/html';
import type { Delivery } from '../../app/ports/delivery-ledger.ts';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { facts } from '../shown/facts.ts';
import { faultNotice } from '../shown/fault-notice.ts';
import { hrefOfDelivery } from '../shown/hrefs.ts';
import { showNumber } from '../shown/number.ts';
import { when } from '../shown/when.ts';
import { aboutCell, deliveryBadge, sayReceiver } from './deliveries-page.ts';

/** One delivery: what it tells whom, what became of it and why, and sending it again. */
export function deliveryPage(
  delivery: Delivery,
  { visitor, timeZone }: { readonly visitor: Visitor; readonly timeZone: string },
): Html {
  const { id, state, code, httpStatus, tries, createdAt, nextAt, endedAt } = delivery;
  return html`<p class="back"><a href="/deliveries">‹ Deliveries</a></p>
    <div class="title">
      <h1>Delivery ${id}</h1>
      ${deliveryBadge(state)}
    </div>
    ${code === null ? '' : faultNotice(code, { tone: state === 'given_up' ? 'bad' : 'warn' })}
    ${
      // What waits is sent anyhow.
      endedAt === null
        ? ''
        : html`<div class="acts">
            ${actForm(visitor, {
              to: `${hrefOfDelivery(id)}/again`,
              id: 'again',
              needs: 'operator',
              label: 'Send it again',
              about: 'From its first page. The receiver knows it by the same id, and may pass over it.',
              hidden: { seen: endedAt.toISOString() },
            })}
          </div>`
    }
    ${facts([
      ['about', aboutCell(delivery)],
      ['to', sayReceiver(delivery)],
      ['tries', showNumber(tries)],
      ['answer', httpStatus === null ? null : `status ${httpStatus}`],
      ['written', when(createdAt, timeZone)],
      ['next try', nextAt === null ? null : when(nextAt, timeZone)],
      ['ended', endedAt === null ? null : when(endedAt, timeZone)],
    ])}`;
}

export function noSuchDelivery(): Html {
  return html`<h1>No such delivery</h1>
    <p>There is none of this number, or it ended more than 90 days ago. <a href="/deliveries">All deliveries</a></p>`;
}

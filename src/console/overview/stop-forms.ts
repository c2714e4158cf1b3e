import { html } from 'hono/html';
import type { Stock } from '../../view/take-stock.ts';
import { actForm, canAct } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';

/** To stop and start everything. A partner's work is stopped on the partner's page. */
export function stopForms(
  { breaker, halts, pauses }: Pick<Stock, 'breaker' | 'halts' | 'pauses'>,
  visitor: Visitor,
): Html {
  const needs = 'admin' as const;
  if (!canAct(visitor, needs)) return html``;
  const isPaused = pauses.some(({ partner }) => partner === null);
  return html`<div class="acts" role="group" aria-label="Stop and start all calls">
    ${
      breaker.state === 'closed'
        ? actForm(visitor, {
            to: '/breaker/open',
            id: 'breaker-open',
            needs,
            label: 'Open the breaker',
            about: 'Every call is held until somebody closes it. Rows keep their tries.',
          })
        : actForm(visitor, {
            to: '/breaker/close',
            id: 'breaker-close',
            needs,
            label: 'Close the breaker',
            about: 'Calls go again, at a rate that climbs from one a second.',
          })
    }
    ${
      isPaused
        ? ''
        : actForm(visitor, {
            to: '/work/pause',
            id: 'pause-all',
            needs,
            label: 'Pause all work',
            about: 'Files are still taken in and read. What has been sent comes to its end.',
          })
    }
    ${
      pauses.length + halts.length === 0
        ? ''
        : actForm(visitor, {
            to: '/work/resume',
            id: 'resume-all',
            needs,
            label: 'Resume all work',
            about: 'Ends every pause and every halt.',
          })
    }
  </div>`;
}

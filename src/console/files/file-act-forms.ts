import { html } from 'hono/html';
import { unsentRowStates } from '../../domain/lead-row.ts';
import type { LedgerFileView } from '../../app/ports/ledger.ts';
import { actForm, canAct } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfFile } from '../shown/hrefs.ts';

/** What can be done with a file as it stands. The ledger has the last word. */
export function fileActForms(file: LedgerFileView, visitor: Visitor, now: Date): Html {
  const isOver = file.state === 'rejected' || file.state === 'quarantined';
  if (isOver || !canAct(visitor, 'operator')) return html``;
  const isHeld = file.state === 'held';
  const hasWork = unsentRowStates.some((state) => (file.counts[state] ?? 0) > 0);
  const to = (act: string) => `${hrefOfFile(file.id)}/${act}`;
  const needs = 'operator' as const;
  return html`<div class="acts" role="group" aria-label="What to do with the file">
    ${
      isHeld
        ? actForm(visitor, {
            to: to('release'),
            id: 'release',
            needs,
            label: 'Let it through',
            about: 'It goes on where it stopped, as it is.',
          })
        : ''
    }
    ${
      file.state === 'arrived' && file.dueAt > now
        ? actForm(visitor, {
            to: to('now'),
            id: 'now',
            needs,
            label: 'Begin now',
            about: 'It does not wait for its hour.',
          })
        : ''
    }
    ${
      !isHeld && (file.state !== 'settled' || hasWork)
        ? actForm(visitor, {
            to: to('hold'),
            id: 'hold',
            needs,
            label: 'Hold it',
            about: 'Nothing further of it is read or sent. A call that was announced comes to its end.',
          })
        : ''
    }
    ${actForm(visitor, {
      to: to('reject'),
      id: 'reject',
      needs,
      label: 'Turn it away',
      isGrave: true,
      about: html`Only while nothing of it was created: its bytes go to <code>rejected/</code>, its rows are cancelled,
        and it may be sent again. <b>The partner reads the reason.</b>`,
    })}
  </div>`;
}

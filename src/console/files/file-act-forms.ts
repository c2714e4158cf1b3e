import { html } from 'hono/html';
import { isOver, wasRead } from '../../app/file-act.ts';
import type { LedgerFileView } from '../../app/ports/ledger.ts';
import { unsentRowStates } from '../../domain/lead-row.ts';
import { countCreated, countUnsent } from '../../view/file-remains.ts';
import { actForm, canAct, type ActForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { hrefOfFile } from '../shown/hrefs.ts';
import { showNumber } from '../shown/number.ts';
import type { FileLife } from './read-file.ts';

/** What can be done with a file as it stands. The ledger has the last word. */
export function fileActForms(
  { file, lastEvent }: Pick<FileLife, 'file' | 'lastEvent'>,
  visitor: Visitor,
  now: Date,
): Html {
  if (isOver(file) || !canAct(visitor, 'operator')) return html``;
  const isHeld = file.state === 'held';
  const hasWork = unsentRowStates.some((state) => (file.counts[state] ?? 0) > 0);
  const act = (name: string, form: Omit<ActForm, 'to' | 'id' | 'needs'>) =>
    actForm(visitor, { to: `${hrefOfFile(file.id)}/${name}`, id: name, needs: 'operator', ...form });
  return html`<div class="acts" role="group" aria-label="What to do with the file">
    ${isHeld ? act('release', { label: 'Let it through', about: 'It goes on where it stopped, as it is.' }) : ''}
    ${
      file.state === 'arrived' && file.dueAt > now
        ? act('now', { label: 'Begin now', about: 'It does not wait for its hour.' })
        : ''
    }
    ${
      !isHeld && (file.state !== 'settled' || hasWork)
        ? act('hold', {
            label: 'Hold it',
            about: 'Nothing further of it is read or sent. A call that was announced comes to its end.',
          })
        : ''
    }
    ${
      wasRead(file) && countUnsent(file.counts) > 0
        ? act('cancel', {
            label: 'Cancel what is left',
            button: 'Cancel it',
            isGrave: true,
            about: aboutCancelling(file),
            hidden: { seen: lastEvent },
          })
        : ''
    }
    ${wasRead(file) ? html`<a class="button" href="${hrefOfFile(file.id)}/reread">Read it again…</a>` : ''}
    ${
      countCreated(file.counts) > 0 && file.kind !== 'updates'
        ? act('leads', {
            label: 'Take its leads out',
            button: 'Download',
            about:
              'A CSV of its leads that exist or may exist, with the leadIds: what the insurer is told if they are not wanted.',
          })
        : ''
    }
    ${
      wasRead(file)
        ? act('result', {
            label: 'Take its result out',
            button: 'Download',
            about: html`The result file as it would be issued now, line by line what became of the partner’s rows, with
            the partner’s own ids.
            ${file.resultVersion === 0 ? 'None was issued yet: what is at work is pending in it.' : ''}`,
          })
        : ''
    }
    ${
      countCreated(file.counts) > 0
        ? ''
        : act('reject', {
            label: 'Turn it away',
            isGrave: true,
            about: html`Only while nothing of it was created: its bytes go to <code>rejected/</code>, its rows are
              cancelled, and it may be sent again. <b>The partner reads the reason.</b>`,
          })
    }
  </div>`;
}

/** What it would do to the file as it stands. */
function aboutCancelling({ counts }: LedgerFileView): Html {
  const [unsent, created] = [countUnsent(counts), countCreated(counts)];
  return html`<b>${showNumber(unsent)} ${unsent === 1 ? 'row' : 'rows'}</b> not sent, or failed:
    ${unsent === 1 ? 'it is' : 'they are'} cancelled until somebody replays ${unsent === 1 ? 'it' : 'them'}. A call that
    was announced comes to its end.
    ${
      created === 0
        ? 'No lead of it exists.'
        : html`<b>${showNumber(created)} ${created === 1 ? 'lead' : 'leads'}</b> of it
            ${created === 1 ? 'exists or may exist' : 'exist or may exist'} and ${created === 1 ? 'stays' : 'stay'}:
            tell the insurer.`
    }`;
}

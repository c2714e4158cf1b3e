import { html } from 'hono/html';
import { actForm, canAct } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { choice } from '../shown/choice.ts';

interface Of {
  readonly visitor: Visitor;
  readonly timeZone: string;
  readonly partners: readonly string[];
  /** As chosen for the list. */
  readonly partner: string | null;
}

/** Many doubts at once: what to send to the insurer, and what they send back. */
export function listingForms({ visitor, timeZone, partners, partner }: Of): Html {
  if (!canAct(visitor, 'operator')) return html``;
  return html`<div class="acts" role="group" aria-label="Many at once">
    ${actForm(visitor, {
      to: '/in-doubt/ask',
      id: 'ask',
      needs: 'operator',
      label: 'Ask the insurer',
      button: 'Download',
      about: html`A CSV of ${partner === null ? 'all of them' : html`those of <b>${partner}</b>`}: the ids under which
      each was sent, when, and the end of the NIF. It holds personal data.`,
      hidden: { partner: partner ?? '' },
    })}
    <details class="act" id="listing">
      <summary>Upload a listing</summary>
      <form
        class="act-form"
        method="post"
        action="/in-doubt/listing"
        enctype="multipart/form-data"
        aria-label="Upload a listing"
      >
        <input type="hidden" name="form" value="${visitor.formToken}" />
        <p class="about">
          A CSV of the insurer’s leads, with leadId and partnerLeadId or requestId. What follows from it is shown first.
        </p>
        <p>
          <label for="listing-as-of">When the insurer took it (${timeZone})</label>
          <input id="listing-as-of" name="asOf" type="datetime-local" required />
        </p>
        ${choice({ name: 'partner', id: 'listing-partner', label: 'leads of', values: partners, chosen: partner })}
        <label class="way">
          <input type="checkbox" name="complete" value="yes" />
          <span
            >It holds everything that the insurer has:
            <span class="quiet"
              >what is not in it, and can not have come later, was not created and is sent again</span
            ></span
          >
        </label>
        <p>
          <label for="listing-file">The listing</label>
          <input id="listing-file" name="file" type="file" accept=".csv,text/csv,text/plain" required />
        </p>
        <p><button class="main">Compare</button></p>
      </form>
    </details>
  </div>`;
}

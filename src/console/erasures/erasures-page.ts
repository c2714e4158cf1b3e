import { html } from 'hono/html';
import type { ErasureView } from '../../app/ports/erasure-ledger.ts';
import type { RetentionDay } from '../../app/ports/retention-days.ts';
import { sayLeft } from '../../view/erasure-words.ts';
import type { Html } from '../frame/frame.ts';
import { livePart, liveSaid, type LiveParts } from '../live/live-part.ts';
import { withQuery } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { whenShort } from '../shown/when.ts';
import type { ErasuresListed } from './read-erasures.ts';

/** What was taken out of everything that is kept: for a person who asked, and because its time was over. */
export function erasuresPage(listed: ErasuresListed, timeZone: string): Html {
  const parts = erasuresParts(listed, timeZone);
  const { before, day, nextDays, nextErasures } = listed;
  const to = (place: Readonly<Record<string, string | undefined>>) =>
    withQuery('/erasures', { before: before ?? undefined, day: day ?? undefined, ...place });
  return html`<div class="title">
      <h1>Erasures and retention</h1>
      ${liveSaid}
    </div>
    <section aria-labelledby="persons">
      <h2 id="persons">Persons who were erased</h2>
      <p>
        Who is erased is kept out from then on; that they were is known here by a number alone. It is done on a
        terminal:
        <code>leadsync erase --nif -</code>
      </p>
      ${livePart(parts, 'erasures')}
      ${pages('Erasures', { first: before === null ? null : to({ before: undefined }), next: nextErasures === null ? null : to({ before: nextErasures }) })}
    </section>
    <section aria-labelledby="retention">
      <h2 id="retention">What retention has taken</h2>
      <p>
        Values, files and keys that were past their time by the partners’ configs, day by day. Identity, outcome, leadId
        and audit log stay. What is next: <code>leadsync retention</code>
      </p>
      ${livePart(parts, 'retention')}
      ${pages('Days of retention', { first: day === null ? null : to({ day: undefined }), next: nextDays === null ? null : to({ day: nextDays }) })}
    </section>`;
}

/** What of it is kept as it is now. */
export function erasuresParts(listed: ErasuresListed, timeZone: string): LiveParts {
  return {
    erasures:
      listed.erasures.length === 0
        ? empty(listed.before === null ? 'Nobody was erased yet' : 'There are no older ones')
        : erasureTable(listed.erasures, timeZone),
    retention:
      listed.days.length === 0
        ? empty(listed.day === null ? 'Nothing was past its time yet' : 'There are no older ones')
        : dayTable(listed.days, timeZone),
  };
}

function pages(name: string, { first, next }: { readonly first: string | null; readonly next: string | null }): Html {
  return html`<nav class="pages" aria-label="${name}">
    ${first === null ? '' : html`<a class="button" href="${first}">Newest</a>`}
    ${next === null ? '' : html`<a class="button" rel="next" href="${next}">Older ›</a>`}
  </nav>`;
}

function empty(says: string): Html {
  return html`<div class="card none"><h3>${says}</h3></div>`;
}

function erasureTable(erasures: readonly ErasureView[], timeZone: string): Html {
  return listing(
    erasures,
    [
      { header: 'erasure', cell: ({ id }) => id },
      { header: 'begun', cell: ({ begunAt }) => whenShort(begunAt, timeZone) },
      { header: 'by', cell: ({ actor }) => actor },
      { header: 'why', look: 'wide', isPlain: true, cell: ({ reason }) => reason },
      { header: 'rows erased', look: 'number', cell: ({ erased }) => showNumber(erased) },
      { header: 'refused since', look: 'number', cell: ({ refused }) => showNumber(refused) },
      { header: 'state', look: 'wide', isPlain: true, cell: (erasure) => stateCell(erasure, timeZone) },
    ],
    { caption: 'Erasures, newest first' },
  );
}

function stateCell(erasure: ErasureView, timeZone: string): Html {
  const { endedAt, lifted } = erasure;
  return html`${
    endedAt === null
      ? html`<span class="badge open">goes on</span> ${sayLeft(erasure).replaceAll('`', '')}`
      : html`<span class="badge good">done</span> ${whenShort(endedAt, timeZone)}`
  }${
    lifted === null
      ? ''
      : html`<br /><span class="badge warn">lifted</span> ${whenShort(lifted.at, timeZone)} by ${lifted.actor}:
          ${lifted.reason}`
  }`;
}

function dayTable(days: readonly RetentionDay[], timeZone: string): Html {
  return listing(
    days,
    [
      { header: 'day', cell: ({ date }) => date },
      { header: 'by', isPlain: true, cell: ({ actor }) => actor },
      { header: 'of', isPlain: true, cell: ({ partners }) => (partners.length === 0 ? null : partners.join(', ')) },
      { header: 'values destroyed', look: 'number', cell: ({ destroyed }) => count(destroyed) },
      { header: 'values blocked', look: 'number', cell: ({ blocked }) => count(blocked) },
      { header: 'files removed', look: 'number', cell: ({ files }) => count(files) },
      { header: 'results removed', look: 'number', cell: ({ results }) => count(results) },
      { header: 'keys destroyed', look: 'number', cell: ({ keys }) => count(keys) },
      { header: 'last', cell: ({ lastAt }) => whenShort(lastAt, timeZone) },
      { header: 'why', look: 'wide', cell: ({ reason }) => reason },
    ],
    { caption: 'What retention has taken, newest day first' },
  );
}

function count(n: number): string | null {
  return n === 0 ? null : showNumber(n);
}

import { html } from 'hono/html';
import type { FileProfile } from '../../domain/drift.ts';
import { kindsWithPattern, patternsOf } from '../../domain/match-file.ts';
import type { Partner } from '../../domain/partner.ts';
import { dueWords, sayArrivals, sayExpectation } from '../../view/night-words.ts';
import { sayPause } from '../../view/stop-words.ts';
import { actForm } from '../acts/act-form.ts';
import type { Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import { facts } from '../shown/facts.ts';
import { hrefOfFile, hrefOfPartner, hrefOfRows, withQuery } from '../shown/hrefs.ts';
import { listing } from '../shown/listing.ts';
import { showNumber } from '../shown/number.ts';
import { when } from '../shown/when.ts';
import { accountStops, configBadge, saySchedule, workBadge } from './partners-page.ts';
import type { PartnerLife } from './read-partners.ts';

/** One partner: whether its work goes on, when, and what its files are measured by. */
export function partnerPage(
  partner: PartnerLife,
  { visitor, timeZone }: { readonly visitor: Visitor; readonly timeZone: string },
): Html {
  const { id, config, dues, held, pause } = partner;
  const acts = hrefOfPartner(id);
  return html`<p class="back"><a href="/partners">‹ Partners</a></p>
    <div class="title">
      <h1>${id}</h1>
      ${workBadge(partner)}
    </div>
    <p class="who">
      <a href="${withQuery('/files', { partner: id })}">Its files</a> ·
      <a href="${hrefOfRows({ partner: id })}">its rows</a>
    </p>
    ${accountStops(partner, timeZone)}
    ${pause === null ? '' : html`<p class="notice bad">${upperFirst(sayPause(pause, timeZone))}</p>`}
    ${held.map(({ id: file, code }) => html`<p class="notice bad"><a href="${hrefOfFile(file)}">File ${file}</a> is held: <code>${code ?? ''}</code></p>`)}
    <div class="acts" role="group" aria-label="What to do with its work">
      ${
        pause === null
          ? actForm(visitor, {
              to: `${acts}/pause`,
              id: 'pause',
              needs: 'operator',
              label: 'Pause its work',
              about: 'Its files are still taken in and read; nothing of it is sent.',
            })
          : actForm(visitor, { to: `${acts}/resume`, id: 'resume', needs: 'operator', label: 'Resume its work' })
      }
    </div>
    <div class="beside">
      <div>
        <section aria-labelledby="expected">
          <h2 id="expected">Expected</h2>
          ${
            dues.length === 0
              ? nothingDue(config)
              : html`<ul class="plain">
                  ${dues.map(
                    (due) =>
                      html`<li>
                        ${sayExpectation(due.expectation)}, night of ${due.night}:
                        <b>${dueWords[due.state].toLowerCase()}</b>; came: ${sayArrivals(due, timeZone)}
                      </li>`,
                  )}
                </ul>`
          }
        </section>
        ${drift(partner)}
      </div>
      <section class="card" aria-labelledby="config">
        <h2 id="config">Config ${configBadge(partner)}</h2>
        ${config === null ? html`<p>There is none in force. <code>leadsync partner list</code> says why.</p>` : configFacts(partner, config, timeZone)}
      </section>
    </div>`;
}

function nothingDue(config: Partner | null): Html {
  const expected = config?.expect ?? [];
  if (expected.length === 0)
    return html`<p class="quiet">Its config does not say which files to expect (<code>expect:</code>).</p>`;
  return html`<p>${expected.map(sayExpectation).join(', ')}. <span class="quiet">None was due yet.</span></p>`;
}

function configFacts(partner: PartnerLife, config: Partner, timeZone: string): Html {
  const kinds = kindsWithPattern(config);
  const reads =
    kinds.length === 0
      ? `leads: ${patternsOf(config).join(' ')}`
      : kinds.map(({ kind, pattern }) => `${kind}: ${pattern.match}`).join(', ');
  return facts([
    ['reads', reads],
    ['sent', saySchedule(partner)],
    ['next run', partner.nextRunAt === null ? null : when(partner.nextRunAt, timeZone)],
    ['waiting', partner.waiting === 0 ? null : `${partner.waiting} for the run`],
    ['results by', config.results.by],
    ['first rows', config.firstRows === 0 ? null : `${showNumber(config.firstRows)} after a new mapping`],
    ['identity', config.identity.length === 0 ? null : config.identity.join(', ')],
    ['without NIF', config.withoutNif],
    ['agent', config.agent.default],
    ['rows a file', `at most ${showNumber(config.limits.maxRows)}`],
    ['version', html`<code>${config.version.slice(0, 12)}</code>`],
  ]);
}

function drift({ config, profiles }: PartnerLife): Html {
  return html`<section aria-labelledby="drift">
    <h2 id="drift">Drift</h2>
    ${config === null ? '' : html`<p>${sayRules(config)}</p>`}
    ${
      profiles.length === 0
        ? html`<p class="quiet">No file of it has been accepted yet.</p>`
        : listing(
            profiles.map((profile, at) => ({ profile, before: profiles[at + 1] ?? null, at: at + 1 })),
            [
              { header: 'file', cell: ({ at }) => (at === 1 ? 'newest' : `${at}.`) },
              { header: 'rows', look: 'number', cell: ({ profile }) => showNumber(profile.rows) },
              {
                header: 'unlike the one before',
                look: 'wide',
                cell: ({ profile, before }) => changes(profile, before),
              },
              {
                header: 'config version',
                cell: ({ profile }) => html`<code>${profile.configVersion.slice(0, 12)}</code>`,
              },
            ],
            { caption: 'The last accepted files, newest first' },
          )
    }
  </section>`;
}

function changes(profile: FileProfile, before: FileProfile | null): string | null {
  if (before === null) return null;
  const said = [
    ...(before.header !== null && before.header !== profile.header ? ['other columns'] : []),
    ...(before.configVersion === profile.configVersion ? [] : ['another config']),
    ...Object.entries(before.filled)
      .filter(([field, n]) => n > 0 && (profile.filled[field] ?? 0) === 0)
      .map(([field]) => `${field} empty`),
  ];
  return said.length === 0 ? null : said.join(', ');
}

function sayRules({ drift: { header, smallerPercent, biggerTimes, emptiedPercent } }: Partner): string {
  const rules = [
    ...(header ? ['its columns have changed'] : []),
    ...(smallerPercent === null ? [] : [`it has ${smallerPercent} % fewer rows than usual`]),
    ...(biggerTimes === null ? [] : [`it has more than ${biggerTimes} times the usual rows`]),
    ...(emptiedPercent === null ? [] : [`a column is empty that was filled in ${emptiedPercent} % of the rows before`]),
  ];
  return rules.length === 0
    ? 'No file of it is held for being unlike those before.'
    : `A file is held when ${rules.join(', or ')}.`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { authenticationSection } from './authentication.ts';
import { conceptsSection } from './concepts.ts';
import { errorsSection } from './errors.ts';
import type { Facts } from './facts.ts';
import { faultsSection } from './faults-on-demand.ts';
import { gettingStarted } from './getting-started.ts';
import { openQuestionsSection } from './open-questions.ts';
import { peopleSection } from './people.ts';
import { referenceSection } from './reference.ts';
import { renderContents, renderSection } from './section.ts';
import { tutorial } from './tutorial.ts';

/** The documentation, one page: it can be searched, printed and linked into. */
export function docsPage(facts: Facts): Html {
  const sections = [
    gettingStarted(facts),
    conceptsSection(),
    authenticationSection(facts),
    tutorial(facts),
    peopleSection(),
    errorsSection(),
    faultsSection(facts),
    openQuestionsSection(facts),
    referenceSection(facts),
  ];
  return html`<div class="docs">
    ${renderContents(sections)}
    <article>
      <h1>Leads Contract API</h1>
      <p class="lead">
        Register potential clients, and queries of people who are clients already, with the insurer. This is a complete
        sandbox of version ${facts.contract.version}, to build an integration against and to break it on purpose.
      </p>
      ${sections.map(renderSection)}
    </article>
  </div>`;
}

import { html } from 'hono/html';
import type { Html } from '../page/page.ts';

/** A chapter of the documentation. */
export interface Section {
  /** What a link to it ends in. Never changes: people keep links. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
  readonly parts?: readonly Omit<Section, 'parts'>[];
}

export function renderSection({ id, title, body, parts = [] }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title"><a href="#${id}">${title}</a></h2>
    ${body}
    ${parts.map(
      (part) =>
        html`<section id="${part.id}" class="part" aria-labelledby="${part.id}-title">
          <h3 id="${part.id}-title"><a href="#${part.id}">${part.title}</a></h3>
          ${part.body}
        </section>`,
    )}
  </section>`;
}

export function renderContents(sections: readonly Section[]): Html {
  const link = ({ id, title }: Pick<Section, 'id' | 'title'>) => html`<a href="#${id}">${title}</a>`;
  return html`<nav class="contents" aria-label="Contents">
    <ul>
      ${sections.map(
        (section) =>
          html`<li>
            ${link(section)}
            ${
              section.parts === undefined
                ? ''
                : html`<ul>
                    ${section.parts.map((part) => html`<li>${link(part)}</li>`)}
                  </ul>`
            }
          </li>`,
      )}
    </ul>
  </nav>`;
}

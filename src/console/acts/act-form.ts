import { html, raw } from 'hono/html';
import { mayAct, type Visitor } from '../door/visitor.ts';
import type { Html } from '../frame/frame.ts';
import type { Role } from '../ports.ts';

export interface ActForm {
  /** Where it is posted to. */
  readonly to: string;
  /** Of its fields; no other form of the page has it. */
  readonly id: string;
  readonly needs: Role;
  /** What stands on the button that opens it, and on the one that does it. */
  readonly label: string;
  readonly button?: string;
  /** What it does, where the label does not say it all. */
  readonly about?: Html | string;
  /** What the visitor has looked at: somebody else may be quicker. */
  readonly hidden?: Readonly<Record<string, string | readonly string[]>>;
  readonly fields?: Html;
  /** It can't be taken back. Defaults to false. */
  readonly isGrave?: boolean;
  /** Shown without being opened first. Defaults to false. */
  readonly isOpen?: boolean;
}

/** May this visitor do it? Then there is a form for it. */
export function canAct(visitor: Visitor, needs: Role): boolean {
  return visitor.formToken !== null && mayAct(visitor, needs);
}

/** A form that changes something, with its reason. Nothing for who may not. It works without scripts. */
export function actForm(visitor: Visitor, form: ActForm): Html {
  if (!canAct(visitor, form.needs)) return html``;
  const { id, label, isOpen = false } = form;
  if (isOpen) return body(visitor, form);
  return html`<details class="act" id="${id}">
    <summary>${label}</summary>
    ${body(visitor, form)}
  </details>`;
}

function body(visitor: Visitor, { to, id, label, button = label, about, hidden = {}, fields, isGrave }: ActForm): Html {
  return html`<form class="act-form" method="post" action="${to}" aria-label="${label}">
    ${about === undefined ? '' : html`<p class="about">${about}</p>`}
    <input type="hidden" name="form" value="${visitor.formToken}" />
    ${Object.entries(hidden).flatMap(([name, values]) =>
      [values].flat().map((value) => html`<input type="hidden" name="${name}" value="${value}" />`),
    )}
    ${fields ?? ''}
    <p>
      <label for="${id}-reason">Why</label>
      <input
        id="${id}-reason"
        name="reason"
        required
        maxlength="500"
        autocomplete="off"
        ${raw(`aria-describedby="${id}-kept"`)}
      />
      <span class="quiet" id="${id}-kept">Kept in the audit log: nothing personal.</span>
    </p>
    <p><button class="${isGrave === true ? 'grave' : 'main'}">${button}</button></p>
  </form>`;
}

import { html, raw } from 'hono/html';
import type { Html } from '../frame/frame.ts';

export interface Choice {
  readonly name: string;
  /** Of its field, where another of the page has the name. Defaults to the name. */
  readonly id?: string;
  readonly label: string;
  readonly values: readonly string[];
  readonly chosen: string | null;
  /** How a value is called. Defaults to the value. */
  readonly say?: (value: string) => string;
}

/** A select of a filter, whose first entry lets everything through. */
export function choice({ name, id = name, label, values, chosen, say = (value) => value }: Choice): Html {
  const option = (value: string) =>
    html`<option value="${value}" ${value === chosen ? raw('selected') : ''}>${say(value)}</option>`;
  return html`<p>
    <label for="${id}">${label}</label>
    <select id="${id}" name="${name}">
      <option value="">all</option>
      ${values.map(option)}
    </select>
  </p>`;
}

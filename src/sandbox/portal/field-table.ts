import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import type { BodySchema, FieldSchema } from './body-schema.ts';
import { inlineCode } from './inline-code.ts';

/** The fields of a body, one a line; a column that no field has a word for is left out. `label` says whose they are. */
export function fieldTable(label: string, { properties, required = [] }: BodySchema): Html {
  const fields = Object.entries(properties);
  const hasRequired = required.length > 0;
  const hasLimits = fields.some(([, field]) => limitOf(field) !== '');
  return html`<table class="fields" aria-label="${label}">
    <thead>
      <tr>
        <th scope="col">Field</th>
        <th scope="col">Type</th>
        ${hasRequired ? html`<th scope="col">Required</th>` : ''} ${hasLimits ? html`<th scope="col">Limit</th>` : ''}
        <th scope="col">Description</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map(
        ([name, field]) =>
          html`<tr>
            <th scope="row"><code>${name}</code></th>
            <td class="type">${typeOf(field)}</td>
            ${hasRequired ? html`<td>${required.includes(name) ? mark : ''}</td>` : ''}
            ${hasLimits ? html`<td class="limit">${inlineCode(limitOf(field))}</td>` : ''}
            <td>${inlineCode(field.description ?? '')}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const mark = html`<span class="badge accent">required</span>`;

function typeOf({ type, enum: values }: FieldSchema): string {
  if (type === undefined) return values === undefined ? 'any' : typeof values[0];
  return typeof type === 'string' ? type : type.join(' or ');
}

/** Lengths are in characters. A form says more than a length: seven digits are no longer than seven characters. */
function limitOf({ enum: values, pattern, maxLength }: FieldSchema): string {
  if (values !== undefined)
    return values.map((value) => `\`${String(value)}\``).join(values.length === 2 ? ' or ' : ' ');
  if (pattern !== undefined) return formOf(pattern);
  if (maxLength === undefined) return '';
  return maxLength === 0 ? 'empty' : `max ${maxLength}`;
}

/** The patterns of the contract are few; a stranger is shown as it is. */
function formOf(pattern: string): string {
  const digits = /^\^\\d(?:\{(\d+)\}|\+)\$$/.exec(pattern);
  if (digits === null) return `\`${pattern}\``;
  return digits[1] === undefined ? 'digits' : `${digits[1]} digits`;
}

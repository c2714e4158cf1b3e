import { html } from 'hono/html';
import { z } from 'zod';
import type { Html } from '../page/page.ts';
import { faultOrder } from '../faults/fault-order.ts';
import { scenarios } from '../faults/scenarios.ts';
import { whichCalls } from '../faults/which-calls.ts';
import type { BodySchema } from './body-schema.ts';
import { curlCommand } from './call.ts';
import { codeFigure } from './code-figure.ts';
import { orderableEffects } from './orderable-effects.ts';
import type { OrderableEffect } from './orderable-effects.ts';
import type { Facts } from './facts.ts';
import { fieldTable } from './field-table.ts';
import type { Section } from './section.ts';

/** Everything that `/__sandbox/faults` takes, read from the schemas that it checks with. */
export function faultsSection(facts: Facts): Section {
  return {
    id: 'faults',
    title: 'Faults on demand',
    body: html`<p>
        An integration is good when it survives a bad day. Order one: at random or at an exact call, while the sandbox
        runs. <code>PUT</code> orders and forgets what was ordered before, <code>GET</code> shows what is ordered and
        how often it has struck, <code>DELETE</code> brings back the calm.
      </p>
      ${codeFigure({
        caption: 'Lose one answer in ten, the same ones in every run',
        code: curlCommand(
          {
            method: 'PUT',
            path: '/__sandbox/faults',
            credentials: 'page',
            body: { seed: 7, faults: [{ endpoint: 'altaLead', effect: 'drop_after_effect', probability: 0.1 }] },
          },
          facts,
        ),
        kind: 'command',
        call: 'order-by-probability',
      })}
      ${codeFigure({
        caption: 'What is ordered',
        code: curlCommand({ method: 'GET', path: '/__sandbox/faults', credentials: 'page' }, facts),
        kind: 'command',
        call: 'ordered',
      })}`,
    parts: [
      { id: 'scenarios', title: 'Scenarios', body: scenarioTable() },
      { id: 'effects', title: 'Effects', body: effectList(orderableEffects()) },
      {
        id: 'fault-order',
        title: 'The order',
        body: html`<p>Of an order as a whole:</p>
          ${fieldTable('Fields of an order', schemaOf(faultOrder))}
          <p>Of each of its faults, beside <code>effect</code> and the effect’s own fields:</p>
          ${fieldTable('Fields of a fault', schemaOf(z.object(whichCalls)))}`,
      },
    ],
  };
}

function schemaOf(schema: z.ZodType): BodySchema {
  const { required: _, ...optional } = z.toJSONSchema(schema, { io: 'input' }) as unknown as BodySchema;
  return optional;
}

function scenarioTable(): Html {
  return html`<p>
      A scenario is ordered by its name, <code>{"scenario": "slow"}</code>, or chosen at the start:
      <code>leadsync sandbox --scenario slow</code>.
    </p>
    <table class="named" aria-label="Scenarios">
      <thead>
        <tr>
          <th scope="col">Scenario</th>
          <th scope="col">What happens</th>
        </tr>
      </thead>
      <tbody>
        ${scenarios.map(
          ({ name, does }) =>
            html`<tr>
              <th scope="row"><code>${name}</code></th>
              <td>${does}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function effectList(effects: readonly OrderableEffect[]): Html {
  return html`<table class="named" aria-label="Effects">
    <thead>
      <tr>
        <th scope="col">Effect</th>
        <th scope="col">What it does, and its own fields</th>
      </tr>
    </thead>
    <tbody>
      ${effects.map(
        ({ name, does, fields }) =>
          html`<tr>
            <th scope="row"><code>${name}</code></th>
            <td>
              ${does}
              ${fields.map(
                (field) => html`<span class="own-field"><code>${field.name}</code> ${field.description}</span>`,
              )}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

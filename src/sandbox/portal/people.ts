import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { kindsOfPeople } from './answer-rule.ts';
import type { Kind } from './answer-rule.ts';
import type { Section } from './section.ts';

const leads = {
  'any agent': html`created with any agent`,
  'this agent': html`created with this agent only`,
  refused: html`refused`,
} as const satisfies Record<Kind['lead'], Html>;

/** Who answers what, as the rule itself says it. */
export function peopleSection(): Section {
  return {
    id: 'people',
    title: 'Test people',
    body: html`<p>
        You choose what the sandbox answers by whom you ask about. Looked at are the last digits of the number in the
        NIF: so every test is predictable, and there are ten million people of each kind.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="Who answers what">
        <table>
          <thead>
            <tr>
              <th scope="col">Number ends in</th>
              <th scope="col">Such as</th>
              <th scope="col"><code>status</code></th>
              <th scope="col"><code>client</code></th>
              <th scope="col"><code>partnerManage</code></th>
              <th scope="col"><code>agentId</code></th>
              <th scope="col"><code>multiAcceso</code></th>
              <th scope="col">Alta lead is</th>
            </tr>
          </thead>
          <tbody>
            ${kindsOfPeople().map(row)}
          </tbody>
        </table>
      </div>
      <p>
        Two digits go before one. The agent is <code>00512</code> and the last two digits. The letter of a NIF is the
        one at the place “number modulo 23” of <code>TRWAGMYFPDXBNJZSQVHLCKE</code>; the sandbox takes another one too,
        your own code may not. An NIE and a company’s NIF answer in the same way. What has been said of a person is
        written down, and stays: a row of the table <code>sandbox.clients</code> that you change answers as you say. The
        hundred agents stand in <code>sandbox.agents</code>, with names of nobody.
      </p>`,
  };
}

function row({ endings, exampleNif, said, lead }: Kind): Html {
  // After a KO nothing is known of the person.
  const value = (read: boolean | string | null) =>
    said.ko || read === null ? html`<span class="quiet">absent</span>` : html`<code>${String(read)}</code>`;
  return html`<tr>
    <th scope="row">${listOf(endings)}</th>
    <td><code>${exampleNif}</code></td>
    <td><span class="badge ${said.ko ? 'bad' : 'good'}">${said.ko ? 'KO' : 'OK'}</span></td>
    <td>${value(said.client)}</td>
    <td>${value(said.partnerManage)}</td>
    <td>${value(said.agentId)}</td>
    <td>${value(said.multiAcceso)}</td>
    <td>${leads[lead]}</td>
  </tr>`;
}

function listOf(endings: readonly string[]): string {
  const last = endings.at(-1) ?? '';
  return endings.length === 1 ? last : `${endings.slice(0, -1).join(', ')} or ${last}`;
}

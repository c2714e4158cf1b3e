import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { refuse } from '../endpoints/refusal.ts';
import type { Facts } from './facts.ts';
import { clientDataAnswer, exampleAnswers } from './example-answers.ts';
import { exampleBodies, exampleLeadId, exampleNif, smallLead } from './example-bodies.ts';
import { lostAnswerStep } from './lost-answer-step.ts';
import type { Section } from './section.ts';
import { shownCall } from './shown-call.ts';
import type { ShownCall } from './shown-call.ts';

/** From a first question to a lost answer, with calls that can be copied; a test runs them as they stand. */
export function tutorial(facts: Facts): Section {
  const { toRequest, toAnswer } = facts.contract;
  const shown = (call: ShownCall) => shownCall(call, facts);
  const done = { status: 204 } as const;
  const create = (fields: Readonly<Record<string, string>>) =>
    ({ method: 'POST', path: '/alta-lead', body: toRequest.altaLead(fields) }) as const;

  return {
    id: 'tutorial',
    title: 'Tutorial',
    body: html`<p>Seven steps, in this order. The people and the leads are made up; run it as often as you like.</p>`,
    parts: [
      step(
        'check',
        '1. Check a client',
        html`<p>
            Ana is a client: so says the sandbox of every NIF that <a href="#people">ends in 6</a>. The partner has to
            manage her, and her agent is named.
          </p>
          ${shown({
            name: 'check',
            caption: 'Ask about Ana',
            call: { method: 'POST', path: '/client-data', body: exampleBodies(facts.contract).clientData },
            answer: { status: 200, body: clientDataAnswer(facts.contract, exampleNif) },
          })}`,
      ),
      step(
        'create',
        '2. Create the lead',
        html`<p>
            The agent of the answer goes into <code>agenteId</code>: <a href="#agent-rule">it must be the same one</a>.
            Write down the <code>leadId</code> that you get. Nothing else finds the lead again.
          </p>
          ${shown({ name: 'create', caption: 'Create a lead', call: create(smallLead), answer: { status: 200, body: exampleAnswers(facts.contract).altaLead['created']?.value ?? {} } })}
          <p class="own-lead" hidden>
            <label for="own-lead-id">Your leadId, for the commands on this page</label>
            <input id="own-lead-id" inputmode="numeric" autocomplete="off" spellcheck="false" />
          </p>`,
      ),
      step(
        'look',
        '3. See it as the insurer does',
        html`<p>
          Open the <a href="/ficha-gestion">Ficha Gestión</a>. The lead stands on top; its page shows every field, and
          when it came.
        </p>`,
      ),
      step(
        'update',
        '4. Update it',
        html`<p>
            <code>${exampleLeadId}</code> is the first leadId of a new sandbox. If you were given another one, put it in
            its place.
          </p>
          ${shown({
            name: 'update',
            caption: 'Close the lead',
            call: { method: 'POST', path: '/update-lead', body: exampleBodies(facts.contract).updateLead },
            answer: { status: 200, body: toAnswer.updateLead({ leadId: exampleLeadId, message: 'OK' }) },
          })}
          <p>The history on the lead’s page has one more entry.</p>`,
      ),
      step(
        'refusal',
        '5. Be refused',
        html`<p>
            Another agent than Ana’s. A refusal is a proof too: nothing was created, and every wrong field is named at
            once.
          </p>
          ${shown({
            name: 'refusal',
            caption: 'Create with another agent',
            call: create({ ...smallLead, agenteId: '0051299', partnerLeadId: 'tutorial-refused' }),
            answer: { status: 422, body: refuse([{ field: 'agenteId', message: 'is not the agent of the client' }]) },
          })}`,
      ),
      lostAnswerStep(facts),
      step(
        'scenario',
        '7. Have a bad day',
        html`<p>
            <a href="#scenarios">Scenarios</a> are bad days with a name. This one takes everything down for a minute:
          </p>
          ${shown({
            name: 'order-scenario',
            caption: 'Order a maintenance window',
            call: {
              method: 'PUT',
              path: '/__sandbox/faults',
              credentials: 'page',
              body: { scenario: 'maintenance' },
            },
            answer: done,
          })}
          ${shown({
            name: 'unavailable',
            caption: 'Ask about Ana',
            call: {
              method: 'POST',
              path: '/client-data',
              body: exampleBodies(facts.contract).clientData,
              showsHeaders: true,
            },
            answer: {
              status: 503,
              headers: ['HTTP/1.1 503 Service Unavailable', 'retry-after: 60'],
              body: { message: 'Down for maintenance' },
            },
          })}
          <p>
            <code>Retry-After</code> says when to come again; until then nothing was done, so coming again is safe.
            Bring back the calm:
          </p>
          ${shown({
            name: 'calm',
            caption: 'End every fault',
            call: { method: 'DELETE', path: '/__sandbox/faults', credentials: 'page' },
            answer: done,
          })}`,
      ),
    ],
  };
}

function step(id: string, title: string, body: Html) {
  return { id: `tutorial-${id}`, title, body };
}

import { html } from 'hono/html';
import { exampleBodies, exampleLeadId, smallLead } from './example-bodies.ts';
import type { Facts } from './facts.ts';
import type { Section } from './section.ts';
import { shownCall } from './shown-call.ts';
import type { ShownCall } from './shown-call.ts';

const partnerLeadId = 'tutorial-lost';

/** The step that the tutorial is there for: why a create whose answer is lost is not repeated. */
export function lostAnswerStep(facts: Facts): Section {
  const { toRequest, toAnswer } = facts.contract;
  const shown = (call: ShownCall) => shownCall(call, facts);
  const create = (requestId: string) =>
    ({
      method: 'POST',
      path: '/alta-lead',
      headers: { 'x-request-id': requestId },
      body: toRequest.altaLead({ ...smallLead, partnerLeadId }),
    }) as const;
  const second = leadIdAfter(2);
  return {
    id: 'tutorial-lost-answer',
    title: '6. Lose an answer',
    body: html`<p>
        Now a day on which the network breaks at the worst moment. Order that the answer to one create is lost,
        <em>after</em> the lead exists:
      </p>
      ${shown({
        name: 'order-loss',
        caption: 'Order a lost answer',
        call: {
          method: 'PUT',
          path: '/__sandbox/faults',
          credentials: 'page',
          body: {
            faults: [{ endpoint: 'altaLead', partnerLeadId, effect: 'drop_after_effect' }],
          },
        },
        answer: { status: 204 },
      })}
      ${shown({ name: 'lost', caption: 'Create a lead', call: create('tutorial-lost-1'), answer: null })}
      <p>
        Was it created? From here nobody can know: had the connection broken a moment earlier, you would see the same.
        The obvious thing is to send it again:
      </p>
      ${shown({
        name: 'repeat',
        caption: 'The same again: don’t',
        call: create('tutorial-lost-2'),
        answer: {
          status: 200,
          body: toAnswer.altaLead({ leadId: second, idLanding: `LANDING-${second}`, message: 'OK' }),
        },
      })}
      <p>A leadId at last. But look at what the sandbox holds:</p>
      ${shown({
        name: 'state',
        caption: 'What there is now',
        call: { method: 'GET', path: '/__sandbox/state', credentials: 'page' },
        answer: { status: 200, body: stateAfterwards(facts) },
      })}
      <p class="notice bad">
        <strong>Two leads.</strong> Somebody is called twice, and the partner is told of one. A create whose answer is
        lost must not be repeated by a program: mark it as in doubt, and let a person ask the insurer, who finds it by
        <code>partnerLeadId</code>. Send one with every lead, and a new <code>X-Request-Id</code> with every request.
      </p>`,
  };
}

function leadIdAfter(count: number): string {
  return String(Number(exampleLeadId) + count);
}

/** What `/__sandbox/state` answers to someone who has gone through the tutorial in a new sandbox. */
function stateAfterwards({ contract }: Facts): object {
  const first = { leadId: exampleLeadId, partnerLeadId: smallLead['partnerLeadId'], estado: '20' };
  const lost = { partnerLeadId, estado: null };
  return {
    counts: { clients: 1, clientChecks: 6, leads: 3, updates: 1 },
    leads: [
      { ...first, requestId: null, idempotencyKey: null },
      { leadId: leadIdAfter(1), ...lost, requestId: 'tutorial-lost-1', idempotencyKey: null },
      { leadId: leadIdAfter(2), ...lost, requestId: 'tutorial-lost-2', idempotencyKey: null },
    ],
    updates: [{ ...first, observacion: exampleBodies(contract).updateLead['observacion'] }],
  };
}

import { randomUUID } from 'node:crypto';
import type { Check, Finding } from '../check.ts';
import type { Deployment, Sending } from '../deployment.ts';
import { describeExchange, leadIdOf } from '../exchange.ts';
import type { Changes } from '../test-lead.ts';
import { testLead } from '../test-lead.ts';
import { observed } from '../verdict.ts';

const needs = 'alta-lead.created';

/**
 * The same create twice: whether a lead whose answer was lost may be sent again. The specification says nothing, so
 * leadsync never does; here is what one deployment would make of it.
 */
export const repeatedCreate: readonly Check[] = [
  {
    name: 'repeated-create.same-partner-lead-id',
    level: 'seen',
    spec: null,
    needs,
    calls: 2,
    leads: 2,
    run: (deployment) =>
      twice(deployment, 'the same lead twice, without an Idempotency-Key', {}, { idempotencyKey: null }),
  },
  {
    name: 'repeated-create.same-idempotency-key',
    level: 'seen',
    spec: null,
    needs,
    calls: 2,
    leads: 2,
    // Without a partnerLeadId, so that nothing but the key makes the two the same.
    run: (deployment) =>
      twice(
        deployment,
        'the same lead twice with one Idempotency-Key and no partnerLeadId',
        { partnerLeadId: null },
        { idempotencyKey: `leadsync-doctor-${randomUUID()}` },
      ),
  },
  {
    name: 'repeated-create.distinct-leads',
    level: 'should',
    spec: 'Alta Lead (response)',
    needs,
    calls: 2,
    leads: 2,
    async run(deployment) {
      const first = await deployment.send('altaLead', testLead(deployment));
      const second = await deployment.send('altaLead', testLead(deployment));
      const [one, other] = [leadIdOf(first), leadIdOf(second)];
      const expected = 'two leadIds for two partnerLeadIds of one person';
      const got = `${describeExchange(first)}; ${describeExchange(second)}`;
      if (one !== null && other !== null && one !== other) return { result: 'pass', expected, got, set: null };
      const set =
        'nothing here: a lead whose leadId another row has ends in doubt (API_LEAD_ID_TAKEN); ask the API team';
      return { result: 'fail', expected, got, set };
    },
  },
];

async function twice(deployment: Deployment, expected: string, changes: Changes, sending: Sending): Promise<Finding> {
  const body = testLead(deployment, changes);
  const first = await deployment.send('altaLead', body, sending);
  const second = await deployment.send('altaLead', body, sending);
  const [one, other] = [leadIdOf(first), leadIdOf(second)];
  if (one === null || (other === null && second.httpStatus === null)) {
    return observed(expected, `${describeExchange(first)}; ${describeExchange(second)}`);
  }
  if (other === null) {
    const got = `the second is turned away: ${describeExchange(second)}`;
    return observed(
      expected,
      got,
      'nothing: a lost answer stays in doubt, since a refusal would hide the first leadId',
    );
  }
  if (one === other) {
    const set = 'LEADS_API_RETRY_AMBIGUOUS=true is safe here, as long as keys are kept: ask the API team for how long';
    return observed(expected, `one lead: ${one} both times`, set);
  }
  const set = 'nothing: a lost answer has to stay in doubt, as it does (LEADS_API_RETRY_AMBIGUOUS would create twice)';
  return observed(expected, `TWO leads: ${one} and ${other}`, set);
}

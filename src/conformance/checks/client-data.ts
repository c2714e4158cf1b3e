import { documentedFields, refusalShape, refusalsRecognised, typesOf } from '../answer-shape.ts';
import type { Check } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { describeExchange } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { pathVariable } from '../setting-for.ts';
import { answered, observed, skipped, turnedAway } from '../verdict.ts';

const request = 'Client data (request)';
const response = 'Client data (response)';
const asked = 'authentication.accepted';

/** The client check: its answer, its refusals, and what a wrong path looks like. */
export const clientData: readonly Check[] = [
  {
    name: 'client-data.answered',
    level: 'must',
    spec: response,
    needs: asked,
    calls: 0,
    async run(deployment) {
      return answered(firstAnswer(deployment), 'status OK with partnerManage and client, about the NIF that was asked');
    },
  },
  {
    name: 'client-data.environment',
    level: 'must',
    spec: 'Production',
    needs: asked,
    calls: 0,
    async run(deployment) {
      const { environment } = deployment.options;
      const isSandbox = firstAnswer(deployment).headers['x-leads-sandbox'] !== undefined;
      const expected = `an API that can be ${environment}`;
      if (isSandbox && environment === 'production') {
        const set = 'LEADS_API_ENVIRONMENT or LEADS_API_URL';
        return { result: 'fail', expected, got: "leadsync's own sandbox", set };
      }
      return { result: 'pass', expected, got: isSandbox ? "leadsync's own sandbox" : 'not our sandbox', set: null };
    },
  },
  {
    name: 'client-data.documented-fields',
    level: 'should',
    spec: response,
    needs: 'client-data.answered',
    calls: 0,
    async run(deployment) {
      const { contract } = deployment.options;
      return documentedFields(firstAnswer(deployment), contract.schemas.clientData.response, {
        // Of clients only, or not in the specification's table of this answer.
        except: ['agentId', 'multiAcceso', 'reference'],
        set: 'nothing: what leadsync needs is there',
      });
    },
  },
  {
    name: 'client-data.types',
    level: 'seen',
    spec: response,
    needs: 'client-data.answered',
    calls: 0,
    async run(deployment) {
      const { contract } = deployment.options;
      const types = typesOf(firstAnswer(deployment), contract.schemas.clientData.response);
      return observed('the JSON type of each field', types, 'nothing: text, numbers and booleans are all read');
    },
  },
  {
    name: 'client-data.nif-empty',
    level: 'should',
    spec: request,
    needs: asked,
    calls: 1,
    async run(deployment) {
      const { contract } = deployment.options;
      const exchange = await deployment.send('clientData', contract.toRequest.clientData(''));
      return turnedAway(exchange, {
        expected: 'a refusal of an empty nif, which is required',
        set: 'nothing: leadsync never asks without a NIF',
      });
    },
  },
  {
    name: 'client-data.nif-missing',
    level: 'should',
    spec: request,
    needs: asked,
    calls: 1,
    async run(deployment) {
      return turnedAway(await deployment.send('clientData', {}), {
        expected: 'a refusal of a request without nif, which is required',
        set: 'nothing: leadsync never asks without a NIF',
      });
    },
  },
  {
    name: 'client-data.refusal-shape',
    level: 'seen',
    spec: null,
    needs: asked,
    calls: 0,
    run: async (deployment) => refusalShape(deployment.lastOf('client-data.nif-empty')),
  },
  {
    name: 'client-data.refusal-recognised',
    level: 'should',
    spec: response,
    needs: asked,
    calls: 0,
    async run({ exchanges }) {
      const refusals = exchanges.filter(({ check }) => /^client-data\.nif-(empty|missing)$/.test(check));
      return refusalsRecognised(refusals, 'such a row is asked about again until its tries are used up');
    },
  },
  {
    name: 'client-data.unknown-path',
    level: 'seen',
    spec: null,
    needs: asked,
    calls: 1,
    async run(deployment) {
      const exchange = await deployment.send('clientData', {}, { path: '/leadsync-doctor-no-such-path' });
      const expected = 'a path that there is not is told from a refused request';
      const { outcome } = exchange;
      if (outcome.kind === 'try_later') return skipped(expected, describeExchange(exchange));
      if (outcome.kind === 'halted') return observed(expected, `told: ${describeExchange(exchange)}`);
      const then = outcome.kind === 'refused' ? 'reject every row' : 'not be noticed at once';
      const variables = Object.values(pathVariable).join(', ');
      return observed(
        expected,
        `NOT told: ${describeExchange(exchange)}`,
        `${variables}: be sure of them before a run, a wrong one would ${then}`,
      );
    },
  },
];

/** The call about the given NIF. */
function firstAnswer(deployment: Deployment): Exchange {
  const exchange = deployment.lastOf(asked);
  if (exchange === null) throw new Error(`${asked} has made no call`);
  return exchange;
}

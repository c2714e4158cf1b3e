import type { JsonObject } from '../../contract/leads-contract.ts';
import { documentedFields, refusalShape, refusalsRecognised, typesOf } from '../answer-shape.ts';
import type { Check } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import type { Exchange } from '../exchange.ts';
import { testName } from '../test-lead.ts';
import { answered, observed, skipped, taken, turnedAway } from '../verdict.ts';

const request = 'Update Lead (request)';
const response = 'Update Lead (response)';
const needs = 'alta-lead.created';
const accepted = 'update-lead.accepted';
const observacion = `${testName}: prueba de integración`;

/** Which lead of this run is updated: the first is closed with the only documented estado, the last stays open for other values. */
type Which = 'first' | 'last';

/** Status updates: a legal one, wrong ones, repeated ones, and one of a closed lead. */
export const updateLead: readonly Check[] = [
  {
    name: accepted,
    level: 'must',
    spec: response,
    needs,
    calls: 1,
    async run(deployment) {
      return answered(await update(deployment, 'first'), "the leadId back for estado '20'");
    },
  },
  {
    name: 'update-lead.documented-fields',
    level: 'should',
    spec: response,
    needs: accepted,
    calls: 0,
    async run(deployment) {
      const { contract } = deployment.options;
      const set = 'nothing: leadsync needs the leadId alone';
      return documentedFields(firstUpdate(deployment), contract.schemas.updateLead.response, { set });
    },
  },
  {
    name: 'update-lead.types',
    level: 'seen',
    spec: response,
    needs: accepted,
    calls: 0,
    async run(deployment) {
      const { contract } = deployment.options;
      const types = typesOf(firstUpdate(deployment), contract.schemas.updateLead.response);
      return observed('the JSON type of each field', types, 'nothing: text and whole numbers are both read');
    },
  },
  {
    name: 'update-lead.same-twice',
    level: 'seen',
    spec: null,
    needs: accepted,
    calls: 1,
    run: async (deployment) =>
      taken(await update(deployment, 'first'), 'the same update once more', {
        whenTaken: 'nothing: leadsync repeats an update whose answer was lost',
        whenNot: 'nothing here: leadsync repeats an update whose answer was lost, and would take this for a refusal',
      }),
  },
  {
    name: 'update-lead.closed-lead',
    level: 'seen',
    spec: null,
    needs: accepted,
    calls: 1,
    run: async (deployment) =>
      taken(await update(deployment, 'first', { estado: '5' }), "estado '5' after '20', the closure", {
        whenTaken: 'partner config, updates.afterFinal: send would be possible; reject is the default',
        whenNot: 'partner config, updates.afterFinal: reject, which is the default',
      }),
  },
  odd('other-estado', "estado '5', which the specification does not name", { estado: '5' }, [
    'partner config, codes.estado: values beside 20 go',
    'partner config, codes.estado: only values that the insurer has named; this one is not',
  ]),
  odd(
    'long-observacion',
    'an observacion of 4,000 characters: no limit is documented',
    {
      observacion: `${observacion} `.padEnd(4_000, 'x'),
    },
    [null, 'partner config, updates.observacion: short texts; longer ones are refused'],
  ),
  odd('estado-as-number', 'estado as a JSON number', { estado: 20 }, [
    'nothing: leadsync sends text',
    'nothing: leadsync sends text',
  ]),
  refuses('unknown-lead', 'a refusal of a leadId that there is not', { leadId: 'leadsync-doctor-no-such-lead' }),
  refuses('estado-no-number', 'a refusal of estado "closed": it is a numerical value', { estado: 'closed' }),
  ...(['estado', 'leadId', 'observacion'] as const).map((field) =>
    refuses(`without-${field}`, `a refusal of an update without ${field}`, {
      [field]: null,
    }),
  ),
  {
    name: 'update-lead.refusal-shape',
    level: 'seen',
    spec: null,
    needs: accepted,
    calls: 0,
    run: async (deployment) => refusalShape(deployment.lastOf('update-lead.unknown-lead')),
  },
  {
    name: 'update-lead.refusal-recognised',
    level: 'should',
    spec: response,
    needs: accepted,
    calls: 0,
    async run({ exchanges }) {
      const refusals = exchanges.filter(({ check }) => /^update-lead\.(unknown-lead|estado-no|without)/.test(check));
      return refusalsRecognised(refusals, 'such an update is tried again until its tries are used up');
    },
  },
];

type Changes = Readonly<Record<string, string | number | null>>;

function refuses(what: string, expected: string, changes: Changes): Check {
  return {
    name: `update-lead.${what}`,
    level: 'should',
    spec: request,
    needs: accepted,
    calls: 1,
    run: async (deployment) =>
      turnedAway(await update(deployment, 'last', changes), {
        expected,
        set: 'nothing: leadsync does not send such an update',
      }),
  };
}

function odd(
  what: string,
  expected: string,
  changes: Changes,
  [whenTaken, whenNot]: readonly [string | null, string],
): Check {
  return {
    name: `update-lead.${what}`,
    level: 'seen',
    spec: null,
    needs: accepted,
    calls: 1,
    async run(deployment) {
      if (deployment.leadIds().length < 2) return skipped(expected, 'needs a lead that is not closed');
      const isTyped = Object.values(changes).some((value) => typeof value === 'number');
      if (isTyped && deployment.options.body === 'form') return skipped(expected, 'a form has texts only');
      return taken(await update(deployment, 'last', changes), expected, { whenTaken, whenNot });
    },
  };
}

function update(deployment: Deployment, which: Which, changes: Changes = {}): Promise<Exchange> {
  const { contract } = deployment.options;
  const leadIds = deployment.leadIds();
  const leadId = (which === 'first' ? leadIds[0] : leadIds.at(-1)) ?? '';
  const legal = contract.toRequest.updateLead({ leadId, estado: '20', observacion });
  const body: JsonObject = Object.fromEntries(
    Object.entries({ ...legal, ...changes }).filter((entry): entry is [string, string | number] => entry[1] !== null),
  );
  const about = typeof body['leadId'] === 'string' ? body['leadId'] : '';
  return deployment.send('updateLead', body, { about });
}

function firstUpdate(deployment: Deployment): Exchange {
  const exchange = deployment.lastOf(accepted);
  if (exchange === null) throw new Error(`${accepted} has made no call`);
  return exchange;
}

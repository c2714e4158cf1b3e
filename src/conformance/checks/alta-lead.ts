import type { LeadsContract } from '../../contract/leads-contract.ts';
import { documentedFields, namesFields, refusalShape, refusalsRecognised, typesOf } from '../answer-shape.ts';
import type { Check } from '../check.ts';
import type { Deployment } from '../deployment.ts';
import { clientAnswerOf, leadIdOf } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { agentOfClient, testLead, wireNameOf } from '../test-lead.ts';
import type { Changes } from '../test-lead.ts';
import { answered, observed, skipped, taken, turnedAway } from '../verdict.ts';

const request = 'Alta lead (request)';
const response = 'Alta Lead (response)';
const created = 'alta-lead.created';

const sendsRight = 'nothing: leadsync sends it as documented';

/** The create: a legal lead, then leads with one thing wrong or odd each. */
export function altaLead({ leadFields }: LeadsContract): readonly Check[] {
  return [
    {
      name: 'alta-lead.subject',
      level: 'must',
      spec: 'Process Flow',
      needs: 'client-data.answered',
      calls: 0,
      run: async (deployment) => judgeSubject(deployment),
    },
    {
      name: created,
      level: 'must',
      spec: response,
      needs: 'alta-lead.subject',
      calls: 1,
      leads: 1,
      async run(deployment) {
        const exchange = await create(deployment);
        const finding = answered(exchange, 'a leadId for a complete lead');
        const isRefused = exchange.outcome.kind === 'refused';
        return isRefused ? { ...finding, set: '--agent or --field NAME=VALUE, as the refusal says' } : finding;
      },
    },
    {
      name: 'alta-lead.documented-fields',
      level: 'should',
      spec: response,
      needs: created,
      calls: 0,
      async run(deployment) {
        const { contract } = deployment.options;
        const set = 'nothing: leadsync needs the leadId alone';
        return documentedFields(firstLead(deployment), contract.schemas.altaLead.response, { set });
      },
    },
    {
      name: 'alta-lead.types',
      level: 'seen',
      spec: response,
      needs: created,
      calls: 0,
      async run(deployment) {
        const { contract } = deployment.options;
        const types = typesOf(firstLead(deployment), contract.schemas.altaLead.response);
        return observed('the JSON type of each field', types, 'nothing: text and whole numbers are both read');
      },
    },
    ...leadFields
      .filter(({ required }) => required)
      .map(({ name }) =>
        refuses(`alta-lead.without-${name}`, `a refusal of a lead without ${name}, which is required`, {
          [name]: null,
        }),
      ),
    refuses('alta-lead.unknown-motivo', "a refusal of motivoLlamada 3: the values are '1' and '2'", {
      motivoLlamada: '3',
    }),
    refuses('alta-lead.agent-of-6-digits', 'a refusal of an agenteId of 6 digits: it has 7', { agenteId: '051245' }),
    {
      name: 'alta-lead.refusal-shape',
      level: 'seen',
      spec: null,
      needs: created,
      calls: 0,
      run: async ({ exchanges }) => refusalShape(exchanges.find(isWrongLead) ?? null),
    },
    {
      name: 'alta-lead.refusal-recognised',
      level: 'should',
      spec: response,
      needs: created,
      calls: 0,
      run: async ({ exchanges }) => refusalsRecognised(exchanges.filter(isWrongLead), 'such a row ends in doubt'),
    },
    {
      name: 'alta-lead.names-all-wrong',
      level: 'seen',
      spec: null,
      needs: created,
      calls: 1,
      leads: 1,
      async run(deployment) {
        const { contract } = deployment.options;
        const changes = { agenteId: '51', motivoLlamada: '3', name: null, phone: null };
        const exchange = await create(deployment, changes);
        return namesFields(
          exchange,
          Object.keys(changes).map((name) => wireNameOf(contract, name)),
        );
      },
    },
    odd('alta-lead.unknown-origin', 'leadOrigin 99, where the list is open ("values like")', { leadOrigin: '99' }, [
      'partner config, defaults.leadOrigin and codes.leadOrigin: any code goes',
      'partner config, defaults.leadOrigin and codes.leadOrigin: the codes of the specification only',
    ]),
    odd('alta-lead.codes-as-numbers', 'motivoLlamada as a JSON number', { motivoLlamada: 1 }, [sendsRight, sendsRight]),
    odd('alta-lead.boolean-as-text', 'acceptTerms as the text "true"', { acceptTerms: 'true' }, [
      sendsRight,
      'nothing: leadsync sends a boolean',
    ]),
    odd('alta-lead.terms-not-accepted', 'acceptTerms false, which is a documented value', { acceptTerms: false }, [
      'partner config, consent.onRefused: send would be possible; reject is the default',
      'partner config, consent.onRefused: reject, which is the default',
    ]),
    odd('alta-lead.decomposed-unicode', 'a name in NFD', { name: 'PRUEBA LEADSYNC Núñez'.normalize('NFD') }, [
      'nothing: leadsync sends NFC',
      'nothing: leadsync sends NFC',
    ]),
    odd('alta-lead.field-not-documented', 'a field that the specification does not have', { leadsyncDoctor: 'x' }, [
      'nothing: unknown fields are tolerated',
      'LEADS_API_VERSION: the very version of the deployment, since fields that it does not know are refused',
    ]),
    odd(
      'alta-lead.empty-optional-fields',
      'optional fields as empty texts',
      Object.fromEntries(leadFields.filter(isLeftOpen).map(({ name }) => [name, ''])),
      ['nothing: leadsync leaves empty fields out', 'nothing: leadsync leaves empty fields out'],
    ),
  ];
}

/** A lead that has to be refused. */
function refuses(name: string, expected: string, changes: Changes): Check {
  return {
    name,
    level: 'should',
    spec: request,
    needs: created,
    calls: 1,
    leads: 1,
    async run(deployment) {
      const set = 'nothing: leadsync rejects such a row before it is sent';
      return turnedAway(await create(deployment, changes), { expected, set });
    },
  };
}

/** A lead of which the specification doesn't say what becomes of it. */
function odd(name: string, expected: string, changes: Changes, [whenTaken, whenNot]: readonly [string, string]): Check {
  return {
    name,
    level: 'seen',
    spec: null,
    needs: created,
    calls: 1,
    leads: 1,
    async run(deployment) {
      const isTyped = Object.values(changes).some((value) => value !== null && typeof value !== 'string');
      if (isTyped && deployment.options.body === 'form') return skipped(expected, 'a form has texts only');
      return taken(await create(deployment, changes), expected, { whenTaken, whenNot });
    },
  };
}

function create(deployment: Deployment, changes: Changes = {}): Promise<Exchange> {
  return deployment.send('altaLead', testLead(deployment, changes));
}

/** The client check decides whether anything may be created for this NIF at all. */
function judgeSubject(deployment: Deployment) {
  const expected = 'a NIF whom the partner manages, with an agent if a client';
  const exchange = deployment.lastOf('authentication.accepted');
  const answer = exchange === null ? null : clientAnswerOf(exchange);
  if (answer === null) return skipped(expected, 'the client check was not answered');
  const set = '--nif -, with the NIF of somebody else';
  if (!answer.partnerManage) return { result: 'fail', expected, got: 'partnerManage false', set } as const;
  const agent = deployment.options.subject.fields['agenteId'] ?? agentOfClient(deployment);
  if (answer.client && agent === null)
    return { result: 'fail', expected, got: 'a client without agentId', set } as const;
  return { result: 'pass', expected, got: 'may be created', set: null } as const;
}

function firstLead(deployment: Deployment): Exchange {
  const exchange = deployment.exchanges.find((one) => leadIdOf(one) !== null);
  if (exchange === undefined) throw new Error('no lead was created');
  return exchange;
}

function isWrongLead({ check }: Exchange): boolean {
  return /^alta-lead\.(without-|unknown-motivo|agent-of-)/.test(check);
}

/** Optional, and neither the subject nor what makes the lead findable. */
function isLeftOpen({ name, required }: LeadsContract['leadFields'][number]): boolean {
  return !required && !['campaign', 'dni', 'partnerLeadId'].includes(name);
}

import type { LeadField, LeadsContract } from '../../contract/leads-contract.ts';
import { namesFields } from '../answer-shape.ts';
import type { Check } from '../check.ts';
import { describeExchange } from '../exchange.ts';
import { testLead, testName, valueOfLength, wireNameOf } from '../test-lead.ts';
import { answered, taken, turnedAway } from '../verdict.ts';

const spec = 'Alta lead (request)';
const needs = 'alta-lead.created';

/** Codes and marketing's own values: at their limit they are unknown, which is another reason to be refused. */
const coded: ReadonlySet<string> = new Set(['agenteId', 'leadOrigin', 'origen', 'refExt']);

/** The documented limits ("max n cc"): at each, and one character over each. */
export function limits({ leadFields }: LeadsContract): readonly Check[] {
  const limited = leadFields.filter((field) => field.maxLength !== null);
  const named = leadFields.find((field) => field.name === 'name');
  return [
    {
      name: 'limits.at-the-limit',
      level: 'should',
      spec,
      needs,
      calls: 1,
      leads: 1,
      async run(deployment) {
        const free = limited.filter(({ name, maxLength }) => maxLength !== 0 && !coded.has(name));
        const changes = valuesOver(free, 0, deployment.options.subject);
        const exchange = await deployment.send('altaLead', testLead(deployment, changes));
        const expected = `a lead with ${Object.keys(changes).join(', ')} as long as documented`;
        const finding = answered(exchange, expected);
        const set = 'nothing here: such rows will be refused; ask the API team for the limits in force';
        return finding.result === 'fail' ? { ...finding, set } : finding;
      },
    },
    {
      name: 'limits.in-characters',
      level: 'should',
      spec,
      needs,
      calls: 1,
      leads: 1,
      async run(deployment) {
        const max = named?.maxLength ?? 50;
        const name = `${testName} `.padEnd(max, 'ñ');
        const exchange = await deployment.send('altaLead', testLead(deployment, { name }));
        const finding = answered(
          exchange,
          `a name of ${max} characters, many of them ñ: the limit is no limit of bytes`,
        );
        const set = 'nothing here: names with accents will be refused before their limit; ask the API team';
        return finding.result === 'fail' ? { ...finding, set } : finding;
      },
    },
    {
      name: 'limits.in-code-points',
      level: 'seen',
      spec: null,
      needs,
      calls: 1,
      leads: 1,
      async run(deployment) {
        const max = named?.maxLength ?? 50;
        const name = `${testName} ${'𝒶'.repeat(max - testName.length - 1)}`;
        const exchange = await deployment.send('altaLead', testLead(deployment, { name }));
        return taken(exchange, `a name of ${max} code points that are more UTF-16 units`, {
          whenTaken: 'nothing: leadsync counts code points, too',
          whenNot: 'nothing: rare letters and emoji count double there, so a long name with them may be refused',
        });
      },
    },
    ...limited.map(overLimit),
    {
      name: 'limits.all-over-at-once',
      level: 'seen',
      spec: null,
      needs,
      calls: 1,
      leads: 1,
      async run(deployment) {
        const { contract, subject } = deployment.options;
        const changes = valuesOver(limited, 1, subject);
        const exchange = await deployment.send('altaLead', testLead(deployment, changes));
        return namesFields(
          exchange,
          Object.keys(changes).map((name) => wireNameOf(contract, name)),
        );
      },
    },
  ];
}

function overLimit(field: LeadField): Check {
  const { name, maxLength } = field;
  const length = (maxLength ?? 0) + 1;
  return {
    name: `limits.${name}`,
    // "Provisionally empty" is no limit in so many words.
    level: maxLength === 0 ? 'seen' : 'should',
    spec: maxLength === 0 ? null : spec,
    needs,
    calls: 1,
    leads: 1,
    async run(deployment) {
      const value = valueOfLength(field, length, deployment.options.subject);
      const exchange = await deployment.send('altaLead', testLead(deployment, { [name]: value }));
      const expected =
        length === 1 ? `a refusal of ${name} that is not empty` : `a refusal of ${name} with ${length} characters`;
      const set = 'nothing: leadsync keeps to the limit itself';
      if (maxLength !== 0) return turnedAway(exchange, { expected, set });
      return { result: 'observed', expected, got: describeExchange(exchange), set };
    },
  };
}

function valuesOver(fields: readonly LeadField[], over: number, subject: Parameters<typeof valueOfLength>[2]) {
  return Object.fromEntries(
    fields.map((field) => [field.name, valueOfLength(field, (field.maxLength ?? 0) + over, subject)]),
  );
}

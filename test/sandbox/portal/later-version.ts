import { z } from 'zod';
import { contracts } from '../../../src/contract/index.ts';
import type { LeadField, LeadsContract } from '../../../src/contract/leads-contract.ts';

const { leadFields, ...known } = contracts['1.2.5'];

/** Not in any version: a field that is added. */
const added: LeadField = {
  name: 'matricula',
  wireName: null,
  required: true,
  maxLength: 12,
  steering: false,
  values: null,
  pattern: null,
  patternSays: null,
  json: 'string',
  description: 'Plate of the <car>.',
};

/** A made-up version that adds a field, and calls `campaign` otherwise in a body. */
export function laterVersion(): LeadsContract {
  const fields = [
    ...leadFields.map((field) => (field.name === 'campaign' ? { ...field, wireName: 'campana' } : field)),
    added,
  ];
  const renamed = ({ campaign, ...rest }: Readonly<Record<string, string | number | boolean>>) =>
    campaign === undefined ? rest : { ...rest, campana: campaign };
  return {
    ...known,
    version: '9.0.0',
    leadFields: fields,
    schemas: {
      ...known.schemas,
      altaLead: {
        ...known.schemas.altaLead,
        request: z.object(
          Object.fromEntries(
            fields.map(({ name, wireName, json, description }) => [
              wireName ?? name,
              (json === 'boolean' ? z.boolean() : z.string()).optional().describe(description),
            ]),
          ),
        ),
      },
    },
    toRequest: { ...known.toRequest, altaLead: (lead) => renamed(known.toRequest.altaLead(lead)) },
  };
}

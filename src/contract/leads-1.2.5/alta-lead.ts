import { z } from 'zod';
import type { ZodType } from 'zod';
import type { LeadField } from '../leads-contract.ts';
import { leadFields } from './fields.ts';
import { flag, text } from './json-types.ts';

function schemaOf(field: LeadField): ZodType<string | boolean | undefined> {
  const schema = field.json === 'boolean' ? flag() : text(field);
  return (field.required ? schema : schema.optional()).describe(field.description);
}

/** "Alta Lead" of the specification, request and response. The request is derived from the field table. */
export const altaLead = {
  request: z.object(Object.fromEntries(leadFields.map((field) => [field.wireName ?? field.name, schemaOf(field)]))),
  response: z.object({
    idLanding: text()
      .optional()
      .describe('Identifier value required for Marketing users for the contact-lead relationship.'),
    leadId: text().optional().describe('Identifier of the lead that has just been registered in Allianz tables.'),
    message: text()
      .optional()
      .describe('Tells if the call to the endpoint has been carried out without incident, or an error message.'),
  }),
} as const;

import { z } from 'zod';
import type { ZodType } from 'zod';
import type { LeadField, LeadsContract } from '../../contract/leads-contract.ts';
import { exampleBodies } from './example-bodies.ts';

/** One field of a body, as JSON Schema (draft 2020-12) has it. Lengths are in characters. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
}

export interface BodySchema {
  readonly type: 'object';
  readonly description?: string;
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}

/** The bodies of the three endpoints, by the names of their schemas in `components`. */
export function bodySchemas(contract: LeadsContract) {
  const { clientData, altaLead, updateLead } = contract.schemas;
  const examples = exampleBodies(contract);
  return {
    ClientDataRequest: withExamples(requestOf(clientData.request), examples.clientData),
    ClientDataResponse: responseOf(clientData.response),
    AltaLeadRequest: withExamples(withTable(requestOf(altaLead.request), contract.leadFields), examples.altaLead),
    AltaLeadResponse: responseOf(altaLead.response),
    UpdateLeadRequest: withExamples(requestOf(updateLead.request), examples.updateLead),
    UpdateLeadResponse: responseOf(updateLead.response),
  } as const satisfies Record<string, BodySchema>;
}

export type BodyName = keyof ReturnType<typeof bodySchemas>;

function requestOf(schema: ZodType): BodySchema {
  return objectOf(z.toJSONSchema(schema, { io: 'input' }));
}

/** Open: a client that is generated from it must not break on a field that a later version adds. */
function responseOf(schema: ZodType): BodySchema {
  const { additionalProperties: _, ...open } = z.toJSONSchema(schema, { io: 'output' });
  return objectOf(open);
}

function objectOf(jsonSchema: z.core.JSONSchema.BaseSchema): BodySchema {
  // OpenAPI 3.1 has this dialect for all of its schemas.
  const { $schema: _, ...schema } = jsonSchema;
  return { ...schema, type: 'object', properties: (schema.properties ?? {}) as BodySchema['properties'] };
}

/** A closed list is a refinement, of which JSON Schema is told nothing: the field table knows it. */
function withTable(schema: BodySchema, fields: readonly LeadField[]): BodySchema {
  const properties = { ...schema.properties };
  for (const field of fields) {
    const name = field.wireName ?? field.name;
    properties[name] = { ...fieldOf(field), ...properties[name] };
  }
  const required = fields.filter((field) => field.required).map((field) => field.wireName ?? field.name);
  return { ...schema, properties, required: [...new Set([...(schema.required ?? []), ...required])] };
}

function fieldOf({ json, description, maxLength, pattern, values }: LeadField): FieldSchema {
  return {
    type: json,
    description,
    ...(maxLength === null ? {} : { maxLength }),
    ...(pattern === null ? {} : { pattern: pattern.source }),
    ...(values === null || json === 'boolean' ? {} : { enum: values }),
  };
}

function withExamples(schema: BodySchema, body: Readonly<Record<string, unknown>>): BodySchema {
  const properties = Object.entries(schema.properties).map(([name, field]) => [
    name,
    name in body ? { ...field, examples: [body[name]] } : field,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) as BodySchema['properties'] };
}

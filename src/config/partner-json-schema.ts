import { z } from 'zod';
import { partnerSchemaFor, type ConfigurableField } from './partner-schema.ts';

type Node = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema, draft 7, of a partner config for editors, with descriptions and defaults. It knows less than
 * `parsePartner`: not everything that is wrong can be said in it, and what it refuses is refused there as well.
 */
export function partnerJsonSchema(leadFields: readonly ConfigurableField[]): Node {
  const made = z.toJSONSchema(partnerSchemaFor(leadFields, '', 'Europe/Madrid'), { target: 'draft-7', io: 'input' });
  const { $schema, definitions, properties } = made as unknown as {
    readonly $schema: string;
    readonly definitions: Record<string, Node>;
    readonly properties: Record<string, Node>;
  };
  const { partner, ...others } = properties;
  return {
    $schema,
    title: 'leadsync partner config',
    description:
      'partners/<id>.yaml of leadsync: how the exports of one partner are read. docs/partners.md explains it.',
    type: 'object',
    required: ['partner'],
    additionalProperties: false,
    properties: {
      partner: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description: partner?.description },
      ...asEditorsSee(others),
    },
    definitions: asEditorsSee(definitions),
  } as Node;
}

function asEditorsSee<T>(value: T): T {
  if (Array.isArray(value)) return value.map(asEditorsSee) as T;
  if (typeof value !== 'object' || value === null) return value;
  const node = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asEditorsSee(part)]));
  return { ...node, ...scalarAsWritten(node), ...withoutEmptyDefault(node) } as T;
}

/** Scalars reach leadsync as they are written; an editor sees 0051245 as a number and true as a boolean. */
function scalarAsWritten(node: Node): Node {
  if (node.type !== 'string') return {};
  if (node.pattern === String.raw`^\d{1,12}$`) {
    const asNumber = node.default === undefined ? {} : { default: Number(node.default) };
    return { ...asNumber, type: ['integer', 'string'], minimum: 0 } as unknown as Node;
  }
  if (node.enum?.includes('true') === true) {
    const asBoolean = node.default === undefined ? {} : { default: node.default === 'true' };
    return { ...asBoolean, type: ['boolean', 'string'], enum: [true, false, 'true', 'false'] } as unknown as Node;
  }
  const isFree = node.enum === undefined && node.pattern === undefined;
  return isFree ? ({ type: ['string', 'number', 'boolean'] } as unknown as Node) : {};
}

/** These say nothing that leaving the key out does not. */
function withoutEmptyDefault({ default: value }: Node): Node {
  const isEmpty = typeof value === 'object' && Object.keys(value ?? {}).length === 0;
  return isEmpty ? { default: undefined } : {};
}

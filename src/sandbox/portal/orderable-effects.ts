import { z } from 'zod';
import { orderedFault } from '../faults/ordered-fault.ts';
import { whichCalls } from '../faults/which-calls.ts';

/** An effect of a fault, as people are told of it. */
export interface OrderableEffect {
  readonly name: string;
  readonly does: string;
  /** Its own; every fault has those of `whichCalls` besides. */
  readonly fields: readonly { readonly name: string; readonly description: string }[];
}

type Schema = z.core.JSONSchema.BaseSchema;

/** Every effect there is, read from the schema of an order. */
export function orderableEffects(): readonly OrderableEffect[] {
  return alternatives(z.toJSONSchema(orderedFault, { io: 'input' })).map(({ description, properties = {} }) => {
    const { effect, ...rest } = properties as Record<string, Schema>;
    const fields = Object.entries(rest).filter(([name]) => !(name in whichCalls));
    return {
      name: String(effect?.const ?? ''),
      does: description ?? '',
      fields: fields.map(([name, field]) => ({ name, description: field.description ?? '' })),
    };
  });
}

/** A union of unions is one list. */
function alternatives(schema: Schema): readonly Schema[] {
  const among = schema.oneOf ?? schema.anyOf;
  return among === undefined ? [schema] : among.flatMap((one) => alternatives(one as Schema));
}

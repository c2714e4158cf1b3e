import { z } from 'zod';

/** The named shapes of the API: `components/schemas` of its OpenAPI document. */
export const apiSchemas = z.registry<{ readonly id: string; readonly description?: string }>();

/** Gives a shape its name. Names are promises. */
export function named<T extends z.ZodType>(id: string, schema: T, description?: string): T {
  apiSchemas.add(schema, description === undefined ? { id } : { id, description });
  return schema;
}

import { z } from 'zod';
import { named } from './schemas.ts';
import { text } from './values.ts';

const reason = text(2_000).meta({
  description: 'Why, in up to 500 characters. Kept for ever in the audit log: nothing personal.',
});

/** What an act takes: its reason, and what else there is to say. */
export function actBody<T extends z.ZodRawShape>(id: string, shape: T) {
  return named(id, z.strictObject({ ...shape, reason }));
}

export const act = actBody('Act', {});

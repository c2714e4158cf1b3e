import { z } from 'zod';
import { named } from './schemas.ts';
import { faultCode } from './values.ts';

/** The one body of every answer that is none. */
export const errorBody = named(
  'Error',
  z.object({
    error: z.object({
      code: faultCode,
      message: z.string().meta({ description: 'What is so, for a person. It never repeats a value of the request.' }),
      hint: z.string().meta({ description: 'What to do.' }),
    }),
  }),
);

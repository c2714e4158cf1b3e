import type { ZodError } from 'zod';

export interface WrongField {
  readonly field: string;
  readonly message: string;
}

/** The body of a 422: every wrong field at once. The specification shows no error body; `message` is where it says an error message goes. */
export interface Refusal {
  readonly message: string;
  readonly errors: readonly WrongField[];
}

export function refuse(errors: readonly WrongField[]): Refusal {
  return { message: `Refused: ${errors.map(told).join('; ')}.`, errors };
}

/** The contract's own words go on from the field; zod's begin a sentence and may end it. */
function told({ field, message }: WrongField): string {
  return `${field}${/^[A-Z]/.test(message) ? ':' : ''} ${message.replace(/\.$/, '')}`;
}

export function wrongFields(error: ZodError): readonly WrongField[] {
  return error.issues.map(({ path, code, message }) =>
    path.length === 0 && code === 'invalid_type'
      ? { field: 'body', message: 'must be an object' }
      : { field: path.join('.') || 'body', message },
  );
}

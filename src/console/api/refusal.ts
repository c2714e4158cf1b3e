import { faults, type FaultCode } from '../../domain/faults.ts';

/** The HTTP status of each code that an answer may bear. */
export const statusOfCode = {
  CONSOLE_REQUEST_INVALID: 400,
  CONSOLE_REASON_REFUSED: 400,
  CONSOLE_TOKEN_MISSING: 401,
  CONSOLE_TOKEN_REFUSED: 401,
  CONSOLE_ROLE_TOO_LOW: 403,
  CONSOLE_PATH_UNKNOWN: 404,
  CONSOLE_NOT_FOUND: 404,
  CONSOLE_METHOD_UNKNOWN: 405,
  CONSOLE_MOVED_ON: 409,
  CONSOLE_NOT_POSSIBLE: 409,
  CONSOLE_TOO_EARLY: 409,
  CONSOLE_KEY_UNDER_WAY: 409,
  LEDGER_BEHIND: 409,
  CONSOLE_BODY_TOO_LARGE: 413,
  CONSOLE_BODY_KIND_UNKNOWN: 415,
  CONSOLE_HOST_STRANGE: 421,
  CONSOLE_KEY_REUSED: 422,
  CONSOLE_TRIES_TOO_MANY: 429,
  CONSOLE_FAILED: 503,
} as const satisfies Partial<Record<FaultCode, number>>;

export type RefusalCode = keyof typeof statusOfCode;

/** Why there is no answer. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly message: string;
  /** Defaults to what the registry says. */
  readonly hint?: string;
  readonly retryAfterMs?: number;
}

/** `message` defaults to what the code means. */
export function refuse(
  code: RefusalCode,
  message: string = faults[code].means,
  more: Pick<Refusal, 'hint' | 'retryAfterMs'> = {},
): Refusal {
  return { kind: 'refused', code, message, ...more };
}

import type { KoMessages, RecognisedBody } from '../../domain/call-outcome.ts';

/**
 * What was recognised, or, where it is no success and its `message` is one that the configuration has a verdict on, that
 * verdict. `final` wins over `retry`. `body` is the parsed JSON. An answer about another subject stays what it is.
 */
export function foresee<A>(recognised: RecognisedBody<A>, body: unknown, ko: KoMessages): RecognisedBody<A> {
  const mayMean =
    recognised.kind === 'ko' ||
    recognised.kind === 'refusal' ||
    (recognised.kind === 'incomplete' && !recognised.mismatch);
  const message = mayMean ? messageOf(body) : null;
  if (message === null) return recognised;
  for (const verdict of ['final', 'retry'] as const) {
    if (ko[verdict].some((text) => message.toLowerCase().includes(text.toLowerCase()))) {
      return { kind: 'foreseen', verdict, message };
    }
  }
  return recognised;
}

function messageOf(body: unknown): string | null {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : null;
  return typeof message === 'string' ? message : null;
}

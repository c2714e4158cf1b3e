import type { ConsolePorts } from '../ports.ts';
import { refuse } from './refusal.ts';
import type { ApiEnd } from './route.ts';

const keptMs = 24 * 3_600_000;

/** A request that is to be carried out once, however often it comes. */
export interface KeyedRequest {
  /** Of the machine user. */
  readonly name: string;
  readonly key: string;
  readonly route: string;
  readonly body: unknown;
}

export interface OnceEnd {
  readonly end: ApiEnd;
  /** It was done before: this is the answer of then. */
  readonly isReplayed: boolean;
}

/**
 * Carries a request out, or answers as it was answered before. What broke off in the middle stays under way: whether it
 * was done is not known, and doing it again would be a guess.
 */
export async function once(
  { posts, vault }: Pick<ConsolePorts, 'posts' | 'vault'>,
  { name, key, route, body }: KeyedRequest,
  carryOut: () => Promise<ApiEnd>,
): Promise<OnceEnd> {
  const fresh = (end: ApiEnd): OnceEnd => ({ end, isReplayed: false });
  if (!/^[\x21-\x7e]{1,100}$/.test(key))
    return fresh(refuse('CONSOLE_REQUEST_INVALID', 'Idempotency-Key: expected 1 to 100 visible characters'));
  const keyMac = vault.mac('consolePost', JSON.stringify([name, key]));
  const standing = await posts.begin(keyMac, vault.mac('consolePost', JSON.stringify([route, body])), keptMs);
  switch (standing.kind) {
    case 'another':
      return fresh(refuse('CONSOLE_KEY_REUSED'));
    case 'under_way':
      return fresh(refuse('CONSOLE_KEY_UNDER_WAY'));
    case 'answered':
      return { end: { kind: 'done', answer: standing.answer }, isReplayed: true };
    case 'begun': {
      const end = await carryOut();
      // A refusal did nothing, and uses up no key.
      if (end.kind === 'done') await posts.answer(keyMac, end.answer);
      else await posts.forget(keyMac);
      return fresh(end);
    }
  }
}

import { maskPersonal } from '../../domain/mask-personal.ts';

export type ReasonGiven =
  | { readonly kind: 'taken'; readonly text: string }
  | { readonly kind: 'refused'; readonly why: 'none' | 'too_long' | 'personal'; readonly says: string };

/** Why somebody does something, as typed. It is kept for ever, and read by more people than the row. */
export function readReason(typed: string): ReasonGiven {
  // What no eye sees would carry a NIF past the look at it, or write over the line of a terminal.
  const text = typed
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const refused = (why: Extract<ReasonGiven, { kind: 'refused' }>['why'], says: string): ReasonGiven => ({
    kind: 'refused',
    why,
    says,
  });
  if (text === '') return refused('none', 'Say why: it is kept in the audit log with what you do.');
  if (text.length > 500) return refused('too_long', `Say why in 500 characters or less; these are ${text.length}.`);
  const plain = text.normalize('NFKC');
  if (maskPersonal(plain) !== plain)
    return refused(
      'personal',
      'The reason seems to hold a NIF, a phone number or an e-mail address. It is kept for ever: say it without.',
    );
  return { kind: 'taken', text };
}

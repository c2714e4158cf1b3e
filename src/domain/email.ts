export type ReadEmail = { readonly kind: 'email'; readonly email: string } | { readonly kind: 'problem' };

const local = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domain = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*\p{L}$/u;

/** Reads one e-mail address. Lower case throughout: nobody's mailbox differs from another's by case alone. */
export function readEmail(cell: string): ReadEmail {
  const email = cell
    .trim()
    .replace(/^mailto:/i, '')
    .toLowerCase();
  const at = email.lastIndexOf('@');
  if (at < 1 || !local.test(email.slice(0, at)) || !domain.test(email.slice(at + 1))) return { kind: 'problem' };
  return { kind: 'email', email };
}

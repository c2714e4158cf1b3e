/** What an Authorization header says by the scheme Basic (RFC 7617, UTF-8); null where it says nothing of the kind. */
export function readBasic(authorization: string | undefined): { readonly id: string; readonly secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon === -1 ? null : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

export function basicChallengeFor(realm: string): string {
  return `Basic realm="${realm}", charset="UTF-8"`;
}

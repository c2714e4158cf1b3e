/** The value of a cookie in a Cookie header; null where it has none. The first counts. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/** A cookie for pages of this origin alone: no script reads it, and no other site's request brings it along. */
export function cookieOf(
  name: string,
  value: string,
  { isHttps, maxAgeSeconds }: { readonly isHttps: boolean; readonly maxAgeSeconds: number },
): string {
  const parts = [`${name}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeSeconds}`];
  return [...parts, ...(isHttps ? ['Secure'] : [])].join('; ');
}

/** Behind https the prefix keeps other hosts of the domain from setting it; on one machine the port tells consoles apart. */
export function cookieNames({ isHttps, port }: { readonly isHttps: boolean; readonly port: number }) {
  return isHttps
    ? { session: '__Host-leadsync', form: '__Host-leadsync-form', done: '__Host-leadsync-done' }
    : { session: `leadsync-${port}`, form: `leadsync-form-${port}`, done: `leadsync-done-${port}` };
}

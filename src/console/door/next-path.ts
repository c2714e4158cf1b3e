/** Where somebody wanted to go before the login: a path of ours, or the overview. Never another site. */
export function nextPath(asked: unknown): string {
  if (typeof asked !== 'string' || !asked.startsWith('/')) return '/';
  // A browser takes "//host", "/\host" and a tab between the slashes for another host.
  const url = URL.parse(asked, 'http://here');
  return url === null || url.host !== 'here' || url.pathname.startsWith('//') ? '/' : `${url.pathname}${url.search}`;
}

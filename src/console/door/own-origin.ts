import type { FastifyRequest } from 'fastify';

/**
 * May this request change something, as far as its headers say where it comes from? A browser says so by Sec-Fetch-Site,
 * older ones by Origin; what says neither is no browser, and has no cookie that somebody else could make use of.
 */
export function isOfOwnOrigin({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  if (headers.origin === undefined) return true;
  return URL.parse(headers.origin)?.host === headers.host;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Is it reached from this machine alone? */
export function isLoopbackHost(host: string): boolean {
  return loopback.test(host) || host === '::1';
}

/**
 * Is the Host that was asked for one of ours? On loopback any web page could lead a browser here under a name of its own
 * (DNS rebinding) and read along.
 */
export function isOwnHost(
  asked: string | undefined,
  { host, url }: { readonly host: string; readonly url: string | null },
): boolean {
  if (!isLoopbackHost(host)) return true;
  if (asked === undefined) return false;
  return loopback.test(asked) || (url !== null && new URL(url).host === asked.toLowerCase());
}

/** Do browsers reach it by https: by itself, or through a proxy? */
export function isHttps({ tls, url }: { readonly tls: unknown; readonly url: string | null }): boolean {
  return tls !== null || url?.startsWith('https:') === true;
}

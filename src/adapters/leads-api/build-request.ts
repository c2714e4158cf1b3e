import type { JsonObject } from '../../contract/leads-contract.ts';

/** Where an endpoint lives. `{nif}`, `{leadId}` or any other field of its request may stand in the path. */
export interface EndpointAddress {
  readonly method: string;
  readonly path: string;
}

export type BodyFormat = 'json' | 'form';

export interface BuiltRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly contentType: string | null;
}

/**
 * Puts a request's fields where the deployment wants them: into the path's places, and all of them into the body, or,
 * for a GET, those without a place into the query.
 */
export function buildRequest(
  basePath: string,
  address: EndpointAddress,
  fields: JsonObject,
  format: BodyFormat,
): BuiltRequest {
  const method = address.method.toUpperCase();
  const placed = new Set<string>();
  const path =
    basePath.replace(/\/$/, '') +
    address.path.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
      const value = fields[name];
      if (value === undefined) return place;
      placed.add(name);
      return encodeURIComponent(value);
    });
  if (method === 'GET') {
    const query = formOf(Object.entries(fields).filter(([name]) => !placed.has(name)));
    const separator = path.includes('?') ? '&' : '?';
    return { method, path: query === '' ? path : path + separator + query, body: null, contentType: null };
  }
  return format === 'json'
    ? { method, path, body: JSON.stringify(fields), contentType: 'application/json' }
    : { method, path, body: formOf(Object.entries(fields)), contentType: 'application/x-www-form-urlencoded' };
}

function formOf(entries: readonly (readonly [string, string | number | boolean])[]): string {
  return new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
}

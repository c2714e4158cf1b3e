import type { Facts } from './facts.ts';

/** A request that the documentation shows. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as a form, instead of `body`. */
  readonly form?: Readonly<Record<string, string>>;
  /** What it shows: an endpoint's are those of the mode in force. Defaults to `endpoint`. */
  readonly credentials?: 'endpoint' | 'page' | 'client' | 'none';
  /** Headers of the answer are worth a look. */
  readonly showsHeaders?: boolean;
}

/** The call as a command for a POSIX shell. Secrets are variables: the page doesn't know them. */
export function curlCommand(call: Call, facts: Facts): string {
  const { path, headers = {}, body, form = {}, showsHeaders } = call;
  const lines = [`curl -sS${showsHeaders === true ? 'i' : ''}${methodOf(call)} ${facts.baseUrl}${path}`];
  lines.push(...credentials[call.credentials ?? 'endpoint'](facts));
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) {
    lines.push(
      `-H 'content-type: application/json'`,
      `-d ${quoted(JSON.stringify(body, null, 2).replaceAll('\n', '\n  '))}`,
    );
  }
  for (const [name, value] of Object.entries(form)) lines.push(`--data-urlencode ${quoted(`${name}=${value}`)}`);
  return lines.join(' \\\n  ');
}

const client = '-u "$CLIENT_ID:$CLIENT_SECRET"';

const credentials: Readonly<Record<NonNullable<Call['credentials']>, (facts: Facts) => readonly string[]>> = {
  none: () => [],
  client: () => [client],
  page({ authentication, pagesNeedLogin }) {
    if (!pagesNeedLogin) return [];
    return [authentication === 'api-key' ? '-u "$CLIENT_ID:$API_KEY"' : client];
  },
  endpoint({ authentication, keyHeader }) {
    switch (authentication) {
      case 'none':
        return [];
      case 'basic':
        return [client];
      case 'api-key':
        return [`-H "${keyHeader}: $API_KEY"`];
      case 'oauth2':
        return ['-H "Authorization: Bearer $TOKEN"'];
    }
  },
};

/** curl takes POST by itself where there is a body. */
function methodOf({ method, body, form }: Call): string {
  const implied = body === undefined && form === undefined ? 'GET' : 'POST';
  return method === implied ? '' : ` -X ${method}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

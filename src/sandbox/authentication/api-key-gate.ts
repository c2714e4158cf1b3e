import { notPermitted } from './denial.ts';
import type { Denial } from './denial.ts';
import type { Gate } from './gate.ts';
import { isSameSecret } from './same-secret.ts';
import type { ApiKeyAuthentication } from './sandbox-authentication.ts';

export const defaultKeyHeader = 'X-API-Key';

export function createApiKeyGate({ key, header = defaultKeyHeader, mayCall }: ApiKeyAuthentication): Gate {
  // RFC 9110 wants a challenge with every 401; there is no registered scheme for keys.
  const challenge = `ApiKey realm="Leads Contract API", header="${header}"`;
  const unauthorized = (message: string): Denial => ({
    status: 401,
    headers: { 'www-authenticate': challenge },
    body: { message },
  });
  return (request, endpoint) => {
    const given = request.headers[header.toLowerCase()];
    if (typeof given !== 'string' || given === '') return unauthorized(`The key is missing: send it as ${header}.`);
    if (!isSameSecret(given, key)) return unauthorized('The key is wrong.');
    return mayCall === undefined || mayCall.includes(endpoint) ? null : notPermitted;
  };
}

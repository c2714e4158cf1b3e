import { readBasic } from '../../web/basic-credentials.ts';
import { basicChallenge } from './basic-challenge.ts';
import { notPermitted } from './denial.ts';
import type { Denial } from './denial.ts';
import type { Gate } from './gate.ts';
import { isSamePair } from './same-secret.ts';
import type { BasicAuthentication } from './sandbox-authentication.ts';

export function createBasicGate({ clientId, clientSecret, mayCall }: BasicAuthentication): Gate {
  const known = { id: clientId, secret: clientSecret };
  return (request, endpoint) => {
    const given = readBasic(request.headers.authorization);
    if (given === null) return unauthorized('Client id and secret are missing.');
    if (!isSamePair(given, known)) return unauthorized('Client id or secret is wrong.');
    return mayCall === undefined || mayCall.includes(endpoint) ? null : notPermitted;
  };
}

function unauthorized(message: string): Denial {
  return { status: 401, headers: { 'www-authenticate': basicChallenge }, body: { message } };
}

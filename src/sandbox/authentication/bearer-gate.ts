import { notPermitted } from './denial.ts';
import type { Denial } from './denial.ts';
import type { Gate } from './gate.ts';
import type { IssuedTokens } from './issued-tokens.ts';
import type { OAuth2Authentication } from './sandbox-authentication.ts';

/** Bearer tokens in the Authorization header, and nowhere else (RFC 6750). */
export function createBearerGate({ mayCall, requiredScopes }: OAuth2Authentication, tokens: IssuedTokens): Gate {
  return (request, endpoint) => {
    const { authorization } = request.headers;
    // Who shows nothing, or something of another scheme, is told no error code: section 3.1.
    if (!/^Bearer\b/i.test(authorization ?? '')) return unauthorized('A bearer token is missing.', '');
    const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return malformed;
    const issued = tokens.find(token);
    if (issued === null) return invalidToken('The access token is not known.');
    if (Date.now() >= issued.expiresAtMs) return invalidToken('The access token has expired.');
    const scope = requiredScopes?.[endpoint];
    if (scope !== undefined && !issued.scope.split(' ').includes(scope)) return insufficientScope(scope);
    return mayCall === undefined || mayCall.includes(endpoint) ? null : notPermitted;
  };
}

function unauthorized(message: string, attributes: string, error: object = {}): Denial {
  const challenge = `Bearer realm="Leads Contract API"${attributes}`;
  return { status: 401, headers: { 'www-authenticate': challenge }, body: { message, ...error } };
}

function invalidToken(message: string): Denial {
  return unauthorized(message, `, error="invalid_token", error_description="${message}"`, {
    error: 'invalid_token',
    error_description: message,
  });
}

const malformed: Denial = {
  ...unauthorized('The Authorization header is malformed.', ', error="invalid_request"', { error: 'invalid_request' }),
  status: 400,
};

function insufficientScope(scope: string): Denial {
  const message = `The access token lacks the scope ${scope}.`;
  const attributes = `, error="insufficient_scope", error_description="${message}", scope="${scope}"`;
  return {
    ...unauthorized(message, attributes, { error: 'insufficient_scope', error_description: message, scope }),
    status: 403,
  };
}

import { readBasic } from '../../web/basic-credentials.ts';
import { basicChallenge } from './basic-challenge.ts';
import type { IssuedTokens } from './issued-tokens.ts';
import { isSamePair } from './same-secret.ts';
import type { Credentials } from './same-secret.ts';
import type { OAuth2Authentication } from './sandbox-authentication.ts';
import type { Answer } from '../faults/struck-call.ts';

export const defaultTokenLifeSeconds = 3600;

export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/**
 * What `POST /oauth/token` answers: client credentials (RFC 6749, section 4.4), shown in a Basic header, form-encoded
 * first, or in the body; errors as in section 5.2. Unknown parameters are ignored, `audience` among them.
 */
export function answerTokenRequest(
  { clientId, clientSecret, scopes, tokenLifeSeconds, expiresInAsText }: OAuth2Authentication,
  tokens: IssuedTokens,
  request: TokenRequest,
): Answer {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.contentType ?? '')) {
    return refuse('invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(request.body);
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (repeated !== undefined) return refuse('invalid_request', 'A parameter stands in the body twice.');
  // An empty parameter counts as one that is not there: section 3.2.
  const grantType = form.get('grant_type') || null;
  if (grantType === null) return refuse('invalid_request', 'grant_type is missing.');

  const { authorization } = request;
  if (authorization !== undefined && form.has('client_secret')) {
    return refuse('invalid_request', 'The credentials are shown twice: in a header and in the body.');
  }
  const shown = authorization === undefined ? readForm(form) : readHeader(authorization);
  if (shown !== null && (form.get('client_id') || shown.id) !== shown.id) {
    return refuse('invalid_request', 'The client_id of the body is not the one of the header.');
  }
  if (shown === null) return refuse('invalid_client', 'Client id and secret are missing or malformed.');
  if (!isSamePair(shown, { id: clientId, secret: clientSecret })) {
    return refuse('invalid_client', 'Client id or secret is wrong.');
  }
  if (grantType !== 'client_credentials') {
    return refuse('unsupported_grant_type', 'The grant_type must be client_credentials.');
  }
  const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (!asked.every(isScope)) return refuse('invalid_scope', 'The scope is malformed.');
  if (scopes !== undefined && asked.some((scope) => !scopes.includes(scope))) {
    return refuse('invalid_scope', 'A scope was asked for that this client is not granted.');
  }
  const scope = (asked.length > 0 ? asked : (scopes ?? [])).join(' ');
  const life = tokenLifeSeconds ?? defaultTokenLifeSeconds;
  return {
    status: 200,
    headers: unkept,
    body: {
      access_token: tokens.issue(scope),
      token_type: 'Bearer',
      expires_in: expiresInAsText === true ? String(life) : life,
      ...(scope === '' ? {} : { scope }),
    },
  };
}

/** Of section 3.3: printable ASCII without quote and backslash. */
export function isScope(text: string): boolean {
  return /^[!#-[\]-~]+$/.test(text);
}

const unkept = { 'cache-control': 'no-store', pragma: 'no-cache' };

type TokenError = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

/** A body that is too long is answered as OAuth has it, too. */
export function refuseTooLong(): Answer {
  return { ...refuse('invalid_request', 'The body is too long.'), status: 413 };
}

function refuse(error: TokenError, description: string): Answer {
  const isClient = error === 'invalid_client';
  return {
    status: isClient ? 401 : 400,
    headers: isClient ? { ...unkept, 'www-authenticate': basicChallenge } : unkept,
    body: { error, error_description: description },
  };
}

function readForm(form: URLSearchParams): Credentials | null {
  const id = form.get('client_id');
  const secret = form.get('client_secret');
  return id === null || secret === null ? null : { id, secret };
}

/** Id and secret are form-encoded before they are joined: section 2.3.1. */
function readHeader(authorization: string): Credentials | null {
  const shown = readBasic(authorization);
  if (shown === null) return null;
  try {
    return { id: formDecode(shown.id), secret: formDecode(shown.secret) };
  } catch {
    return null;
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

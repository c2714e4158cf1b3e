import type { SandboxAuthentication } from '../authentication/sandbox-authentication.ts';
import { tokenPath } from '../authentication/serve-tokens.ts';
import type { Facts } from './facts.ts';

export type AuthenticationMode = SandboxAuthentication['kind'];

/** The security scheme of OpenAPI for a mode, by its name in `components`; null where nobody is asked. */
export function securityScheme({
  authentication: mode,
  keyHeader,
  scopes,
  requiredScopes,
}: Pick<Facts, 'authentication' | 'keyHeader' | 'scopes' | 'requiredScopes'>): {
  readonly name: string;
  readonly scheme: object;
} | null {
  switch (mode) {
    case 'none':
      return null;
    case 'basic':
      return { name: 'basic', scheme: { type: 'http', scheme: 'basic', description: 'Client id and secret.' } };
    case 'api-key':
      return {
        name: 'apiKey',
        scheme: { type: 'apiKey', in: 'header', name: keyHeader, description: 'The key that the sandbox was given.' },
      };
    case 'oauth2':
      return {
        name: 'oauth2',
        scheme: {
          type: 'oauth2',
          description: 'Client credentials (RFC 6749, section 4.4); the token goes into the Authorization header.',
          flows: { clientCredentials: { tokenUrl: tokenPath, scopes: described(scopes ?? [], requiredScopes) } },
        },
      };
  }
}

/** OpenAPI wants each scope with a text. */
function described(granted: readonly string[], required: Facts['requiredScopes']): Readonly<Record<string, string>> {
  const scopes = [...new Set([...granted, ...Object.values(required)])];
  return Object.fromEntries(
    scopes.map((scope) => {
      const endpoints = Object.keys(required).filter((endpoint) => required[endpoint] === scope);
      return [scope, endpoints.length === 0 ? 'Needed nowhere.' : `Needed for ${endpoints.join(', ')}.`];
    }),
  );
}

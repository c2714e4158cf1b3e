import { createApiKeyGate } from './api-key-gate.ts';
import { createBasicGate } from './basic-gate.ts';
import { createBearerGate } from './bearer-gate.ts';
import type { Gate } from './gate.ts';
import type { IssuedTokens } from './issued-tokens.ts';
import type { SandboxAuthentication } from './sandbox-authentication.ts';

/** Who may call the three endpoints. */
export function createGate(authentication: SandboxAuthentication, tokens: IssuedTokens): Gate {
  switch (authentication.kind) {
    case 'none':
      return () => null;
    case 'basic':
      return createBasicGate(authentication);
    case 'api-key':
      return createApiKeyGate(authentication);
    case 'oauth2':
      return createBearerGate(authentication, tokens);
  }
}

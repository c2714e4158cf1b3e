import { createHash, randomBytes } from 'node:crypto';
import type { MachineTokens } from '../../app/ports/machine-users.ts';

/** What tokens begin with, so that who finds one, or scans for leaked ones, knows what it is. */
const begin = 'leadsync_';

export const machineTokens: MachineTokens = {
  make: () => `${begin}${randomBytes(32).toString('base64url')}`,
  hash: (token) => `sha256:${createHash('sha256').update(token).digest('base64url')}`,
};

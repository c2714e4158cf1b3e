import type { FastifyRequest } from 'fastify';
import type { ConsolePorts, Role } from '../ports.ts';
import { createRecentTries } from './recent-tries.ts';

/** A machine user that was let in. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  /** As the audit log calls it. */
  readonly actor: string;
}

export type Entrance =
  | { readonly kind: 'in'; readonly caller: Caller }
  | { readonly kind: 'no_token' }
  | { readonly kind: 'refused' }
  /** It was not looked at. */
  | { readonly kind: 'too_many'; readonly waitMs: number };

/** So many recent wrong tokens of an address, and no further one is looked at until the first of them is recent no more. */
const mostOfAddress = 50;

/** No user of the console can be called so: their names know no colon. */
const actorPrefix = 'console-api';

/**
 * Who shows a token, and whose it is. Never a cookie: what a browser brings along by itself lets nobody in here, so no
 * other site can use it. Wrong tokens are audited and counted by their address; where they were too many, tokens that were
 * not right before are not looked at, and a machine at work beside them goes on.
 */
export function createBearerGate({
  audit,
  clock,
  machines,
}: Pick<ConsolePorts, 'audit' | 'clock' | 'machines'>): (request: FastifyRequest) => Promise<Entrance> {
  const wrong = createRecentTries(() => clock.monotonicMs());
  const known = new Set<string>();

  function refuse(why: string, address: string, name?: string): Promise<void> {
    const actor = name === undefined ? actorPrefix : `${actorPrefix}:${name}`;
    return audit.note({ action: 'console.token_refused', actor, detail: { why, address } });
  }

  return async ({ headers, ip }) => {
    const [, token] = /^Bearer +([\w.~+/=-]{1,200})$/i.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) return { kind: 'no_token' };
    const machine = machines.find(token);
    const waitMs = wrong.waitMs(ip, mostOfAddress);
    const isIn = machine !== null && (machine.expiresAt === null || machine.expiresAt.getTime() > clock.wallMs());
    if (waitMs > 0 && !(isIn && known.has(machine.tokenHash))) return { kind: 'too_many', waitMs };
    if (isIn) {
      known.add(machine.tokenHash);
      const { name, role } = machine;
      return { kind: 'in', caller: { name, role, actor: `${actorPrefix}:${name}` } };
    }
    const isLast = wrong.note(ip) === mostOfAddress;
    await refuse(isLast ? 'too_many_tries' : machine === null ? 'unknown' : 'expired', ip, machine?.name);
    return { kind: 'refused' };
  };
}

import type { FastifyRequest } from 'fastify';
import type { Role } from '../ports.ts';

/** Who asks for a page. */
export interface Visitor {
  /** Null: a console without users, where everybody is a viewer. */
  readonly name: string | null;
  readonly role: Role;
  /** What a form of this visitor has to bring along. Null where nobody is logged in. */
  readonly formToken: string | null;
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

export function mayAct({ role }: Pick<Visitor, 'role'>, needed: Role): boolean {
  return ranks[role] >= ranks[needed];
}

const visitors = new WeakMap<FastifyRequest, Visitor>();

/** Of the gate: who was let in. */
export function letIn(request: FastifyRequest, visitor: Visitor): void {
  visitors.set(request, visitor);
}

/** Whom the gate has let in with this request. Throws where it stands before no gate: a page that forgot it shows nothing. */
export function visitorOf(request: FastifyRequest): Visitor {
  const visitor = visitors.get(request);
  if (visitor === undefined) throw new Error('a page outside the gate asked who is there');
  return visitor;
}

/** As the audit log calls this visitor. */
export function actorOf({ name }: Pick<Visitor, 'name'>): string {
  return name === null ? 'console' : `console:${name}`;
}

import type { Console } from '../../console.ts';
import { verification } from '../contract/audit.ts';
import { verificationJson } from '../reads/audit.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';

/** `POST /api/audit/verify`: has the audit log checked. */
export function auditActs({ verifier }: Console): readonly Route[] {
  return [
    defineRoute(
      {
        area: 'audit',
        method: 'POST',
        needs: 'operator',
        path: '/audit/verify',
        id: 'verifyAudit',
        says: 'Has the log checked against its seals; /audit/verification says how it stands.',
        answer: verification,
        refusals: ['CONSOLE_MOVED_ON'],
      },
      async ({ caller }) => {
        if (verifier.begin(caller.actor)) return done(verificationJson(verifier.standing()));
        const { by } = verificationJson(verifier.standing());
        return refuse('CONSOLE_MOVED_ON', `It is being checked already, by ${by ?? 'somebody'}.`);
      },
    ),
  ];
}

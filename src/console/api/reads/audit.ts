import { readAudit } from '../../audit/read-audit.ts';
import type { Verification } from '../../audit/verification.ts';
import type { Console } from '../../console.ts';
import { auditPage, verification } from '../contract/audit.ts';
import { auditQuery } from '../contract/query.ts';
import { given, refuseFaults } from '../query-faults.ts';
import { defineRoute, done, type Route } from '../route.ts';

export function auditReads({ ports, settings, verifier }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  const of = { area: 'audit', method: 'GET', needs: 'viewer' } as const;
  return [
    defineRoute(
      {
        ...of,
        path: '/audit',
        id: 'listEvents',
        says: 'What happened and who did it, newest first.',
        query: auditQuery,
        answer: auditPage,
      },
      async ({ query: { limit, ...query } }) => {
        const at = { now: new Date(ports.clock.wallMs()), timeZone, ...(limit === undefined ? {} : { limit }) };
        const { events, next, lookedAt, faults } = await readAudit(ports, given(query), at);
        return refuseFaults(faults) ?? done({ events, next, lookedAt });
      },
    ),
    defineRoute(
      {
        ...of,
        path: '/audit/verification',
        id: 'readVerification',
        says: 'Whether the log is as it was sealed, when this console looked last.',
        answer: verification,
      },
      async () => done(verificationJson(verifier.standing())),
    ),
  ];
}

export function verificationJson(standing: Verification) {
  const { kind: state } = standing;
  if (state !== 'done')
    return {
      state,
      by: 'by' in standing ? standing.by : null,
      at: 'at' in standing ? standing.at : null,
      verdict: null,
    };
  const { by, at, verdict, checkpoints } = standing;
  const ok = verdict.faultCount === 0 && verdict.lastSeal !== null;
  return { state, by, at, verdict: { ok, ...verdict, checkpoints } };
}

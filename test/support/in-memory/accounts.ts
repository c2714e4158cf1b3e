import type { AccountLedger, AnyAct } from '../../../src/app/ports/account-ledger.ts';
import type { Step } from '../../../src/app/ports/row.ts';
import type { Endpoint } from '../../../src/domain/call-outcome.ts';
import { isProbeDue, probePauseMs, type Probe } from '../../../src/domain/probe.ts';
import { dateOf, type StoredProbe, type StoredRow, type Tables, writeAudit } from './tables.ts';

const endpointsOf: Readonly<Record<Step, readonly Endpoint[]>> = {
  check: ['clientData', 'altaLead'],
  create: ['altaLead'],
  push: ['updateLead'],
};

/** May a row not begin an attempt of this step now? */
export function isStopped(tables: Tables, row: StoredRow, step: Step): boolean {
  const isProbe = ({ probeRow, probeUntil }: StoredProbe): boolean =>
    probeRow === row.id && (probeUntil ?? -Infinity) > tables.now();
  const { account } = tables;
  if (tables.pauses.has('') || tables.pauses.has(row.partner)) return true;
  if (account.breaker !== 'closed' && !(isProbe(account) && step !== 'create')) return true;
  return endpointsOf[step].some((endpoint) => {
    const halt = tables.halts.get(endpoint);
    return halt !== undefined && !isProbe(halt);
  });
}

/** What stops calls, of the one account there is. */
export function createMemoryAccountLedger(tables: Tables): AccountLedger {
  const { account } = tables;
  const probeOf = (stored: StoredProbe): Probe => ({
    inMs: stored.probeAt === null ? null : stored.probeAt - tables.now(),
    row: stored.probeRow,
    leftMs: stored.probeUntil === null ? 0 : stored.probeUntil - tables.now(),
    failed: stored.probesFailed,
  });

  return {
    async stops() {
      const { version, breaker, cause, since, actor, reason } = account;
      return {
        breaker: {
          version,
          state: breaker,
          cause,
          since: dateOf(since),
          forMs: since === null ? null : tables.now() - since,
          actor,
          reason,
          probe: probeOf(account),
        },
        halts: [...tables.halts.values()].map((halt) => ({
          endpoint: halt.endpoint,
          code: halt.code,
          since: new Date(halt.since),
          probe: probeOf(halt),
        })),
        pauses: [...tables.pauses.values()],
        rollCall: null,
        era: null,
      };
    },

    async changeBreaker(_account, version, { state, begins, cause, probe }, act) {
      if (account.version !== version) return false;
      const now = tables.now();
      account.version += 1;
      account.breaker = state;
      account.cause = cause;
      account.probeAt = probe.inMs === null ? null : now + probe.inMs;
      account.probeRow = probe.row;
      account.probeUntil = probe.row === null ? null : now + probe.leftMs;
      account.probesFailed = probe.failed;
      if (!begins) return true;
      account.since = now;
      if (state === 'closed') account.flowingSince = now;
      account.actor = act.actor;
      account.reason = act.reason;
      writeAudit(tables, { ...act, action: state === 'closed' ? 'api.breaker_closed' : 'api.breaker_opened' });
      return true;
    },

    async halt(_account, { endpoint, code, settings, row }, probes) {
      const halt = tables.halts.get(endpoint);
      const now = tables.now();
      if (halt === undefined) {
        const probe = { probeAt: now + probes.firstMs, probeRow: null, probeUntil: null, probesFailed: 0 };
        tables.halts.set(endpoint, { endpoint, code, settings, since: now, ...probe });
        writeAudit(tables, { actor: 'api', action: 'api.halted', code });
      } else if (halt.probeRow === row) {
        halt.probesFailed += 1;
        halt.probeAt = now + probePauseMs(probes, halt.probesFailed);
        halt.probeRow = halt.probeUntil = null;
      }
    },

    async claimHaltProbes(_account, endpoints, row, forMs) {
      const halts = endpoints.flatMap((endpoint) => tables.halts.get(endpoint) ?? []);
      if (halts.length === 0 || !halts.every((halt) => isProbeDue(probeOf(halt)))) return false;
      for (const halt of halts) {
        halt.probeRow = row;
        halt.probeUntil = tables.now() + forMs;
      }
      return true;
    },

    async endHalts(_account, which, act) {
      const ended = [...tables.halts.values()].filter(
        (halt) =>
          which === 'all' ||
          ('endpoint' in which ? halt.endpoint === which.endpoint : halt.settings !== which.exceptSettings),
      );
      for (const { endpoint, code } of ended) {
        tables.halts.delete(endpoint);
        writeAudit(tables, { ...act, action: 'api.halt_ended', code });
      }
      if (ended.length > 0) account.flowingSince = tables.now();
      return ended.length;
    },

    async pause(partner, act) {
      if (tables.pauses.has(partner ?? '')) return false;
      tables.pauses.set(partner ?? '', { partner, since: new Date(tables.now()), ...act });
      writeAudit(tables, { ...act, action: 'work.paused' });
      return true;
    },

    async endPauses(partner, act: AnyAct) {
      const ended = [...tables.pauses.keys()].filter((key) => partner === null || key === partner);
      for (const key of ended) {
        tables.pauses.delete(key);
        writeAudit(tables, { ...act, action: 'work.resumed' });
      }
      if (ended.length > 0) account.flowingSince = tables.now();
      return ended.length;
    },
  };
}

import type { InstanceLedger } from '../../../src/app/ports/ledger.ts';
import type { StoredInstance, Tables } from './tables.ts';

export type MemoryInstances = Omit<InstanceLedger, 'noteInboxes' | 'noteTroubles'>;

const aliveMs = 15_000;

export function createMemoryInstanceLedger(tables: Tables): MemoryInstances {
  return {
    async enrol({ id, roles }) {
      tables.instances.set(id, { id, roles, heartbeatAt: tables.now(), drainedAt: null });
    },
    async heartbeat(id) {
      const instance = tables.instances.get(id);
      if (instance !== undefined) instance.heartbeatAt = tables.now();
    },
    async drained(id) {
      const instance = tables.instances.get(id);
      if (instance !== undefined) instance.heartbeatAt = instance.drainedAt = tables.now();
    },
    async serviceAlive(role) {
      return [...tables.instances.values()].some(
        (instance) => instance.roles.includes(role) && isAlive(tables, instance),
      );
    },
    async holderFenced(rowId, { deadlineMs, quietPeriodMs }) {
      const row = tables.rows.get(rowId);
      const holder = tables.instances.get(row?.holder ?? '');
      const intentAt = row?.intentAt ?? null;
      const now = tables.now();
      if (intentAt === null) return { fenced: true, quiet: true, waitMs: 0 };
      const lastSign = Math.max(intentAt, holder?.heartbeatAt ?? intentAt);
      const isDrained = (holder?.drainedAt ?? -Infinity) >= intentAt;
      const hasOutlivedIt = (holder?.heartbeatAt ?? -Infinity) > intentAt + deadlineMs;
      const quietInMs = intentAt + quietPeriodMs - now;
      const fencedInMs = isDrained || hasOutlivedIt ? 0 : lastSign + quietPeriodMs - now;
      return { fenced: fencedInMs <= 0, quiet: quietInMs <= 0, waitMs: Math.max(0, quietInMs, fencedInMs) };
    },
  };
}

function isAlive(tables: Tables, { drainedAt, heartbeatAt }: StoredInstance): boolean {
  return drainedAt === null && heartbeatAt > tables.now() - aliveMs;
}

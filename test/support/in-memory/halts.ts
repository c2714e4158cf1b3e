import type { HaltLedger } from '../../../src/app/ports/ledger.ts';
import { type Tables, writeAudit } from './tables.ts';

export function createMemoryHaltLedger(tables: Tables): HaltLedger {
  return {
    async halt(endpoint, code) {
      if (tables.halts.has(endpoint)) return;
      tables.halts.set(endpoint, { endpoint, code, since: new Date(tables.now()) });
      writeAudit(tables, { actor: 'api', action: 'api.halted', code });
    },
    async endHalt(endpoint) {
      const halt = tables.halts.get(endpoint);
      if (halt === undefined) return;
      tables.halts.delete(endpoint);
      writeAudit(tables, { actor: 'api', action: 'api.halt_ended', code: halt.code });
    },
    async halts() {
      return [...tables.halts.values()];
    },
  };
}

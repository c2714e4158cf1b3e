import type { Ledger } from '../../src/app/ports/ledger.ts';
import type { MemoryLedger } from '../support/in-memory/ledger.ts';
import type { Process, World } from './world.ts';

const writes: ReadonlySet<string> = new Set([
  'move',
  'settle',
  'enterUpdate',
  'enrol',
  'heartbeat',
  'drained',
  'halt',
  'claimHaltProbes',
  'endHalts',
  'changeBreaker',
  'pause',
  'endPauses',
  'wakeUpdates',
  'followLeads',
]);

/** What the use cases of rows ask about files, for files of which nothing is held and nothing is reported. */
const files = {
  filesDue: async () => [],
  filesToReport: async () => [],
};

/** The one ledger, reached from a process: every call is a way there and a way back, on which anything can happen. */
export function ledgerOfProcess(world: World, process: Process, ledger: MemoryLedger): Ledger & MemoryLedger {
  const reached = Object.entries({ ...files, ...ledger }).map(([name, method]: [string, unknown]) => [
    name,
    (...args: readonly unknown[]) =>
      world.call(
        process,
        () => (method as (...all: readonly unknown[]) => Promise<unknown>)(...args),
        writes.has(name) ? 'write' : 'read',
      ),
  ]);
  // The ledger in memory knows rows; what the port says about files beyond this is never asked for here.
  return Object.fromEntries(reached) as Ledger & MemoryLedger;
}

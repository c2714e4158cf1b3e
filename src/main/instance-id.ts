import { hostname, userInfo } from 'node:os';
import { exists } from '../adapters/local-server/is-running.ts';
import { version } from './checkout.ts';

/** What this process is called wherever it leaves a trace: its host, its process id, and what tells it from an earlier one of both. */
export function instanceId(nonce: string): string {
  return `${hostname()}-${process.pid}-${nonce.slice(0, 8)}`;
}

/**
 * Has this process provably ended? It was one of this host, and under its process id there is none now, or this one. False
 * says nothing: its heartbeat tells.
 */
export function hasEnded(instance: string): boolean {
  const [, host, pid] = /^(.+)-(\d+)-[^-]+$/.exec(instance) ?? [];
  if (host !== hostname()) return false;
  return Number(pid) === process.pid || !exists(Number(pid));
}

/** What the audit log is told of a process besides its instance: which version, and as whom it runs. */
export function aboutThisProcess(): Readonly<Record<string, string>> {
  return { version, user: userInfo().username };
}

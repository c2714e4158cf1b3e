import { findFreePort } from '../local-server/free-port.ts';
import { startDetached } from '../local-server/start-detached.ts';
import { until } from '../local-server/until.ts';
import type { Cluster } from './cluster.ts';
import { discardStaleFile, findPostmaster, lastPort } from './postmaster-pid.ts';

/**
 * One try to start the server on the port it had last, on a free one if that is taken. True if it is this try's server
 * that runs. False is no error: another process was faster, backends of a killed server still run, or the port was taken
 * at the last moment; look again and try again.
 */
export async function startServer(cluster: Cluster): Promise<boolean> {
  const { directory, runAs, logPath } = cluster;
  await discardStaleFile(directory);
  const port = await findFreePort(directory, await lastPort(directory));
  // `-D folder -p` in this order: the living server is recognised by it.
  const command = runAs.command('postgres', ['-D', directory, '-p', String(port), ...settings()]);
  const server = await startDetached(command, logPath);
  await until(async () => server.hasEnded() || (await isReady(directory, server.pid)), 10_000);
  return !server.hasEnded();
}

async function isReady(directory: string, pid: number): Promise<boolean> {
  const postmaster = await findPostmaster(directory);
  return postmaster?.pid === pid && postmaster.isReady;
}

function settings(): string[] {
  const values = {
    // TCP with a password and not a socket: Windows has none, and its path may be 107 bytes long at most.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // A process takes up to 16: this is about ten processes.
    max_connections: '200',
    // Statements and key values may hold personal data; the log file is not the place for it.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

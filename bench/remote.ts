import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** Calls of one path that the remote has seen. */
export interface Seen {
  readonly calls: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface Remote {
  readonly url: string;
  /** What it has seen since the last time it was asked. */
  takeSeen(): Promise<ReadonlyMap<string, Seen>>;
  /** Leads that exist more than once. */
  duplicates(): Promise<number>;
  stop(): Promise<void>;
}

/** The Leads API of a benchmark: a thread of its own that answers after `latencyMs`, the same for everything compared. */
export async function startRemote(latencyMs = 0): Promise<Remote> {
  const thread = new Worker(fileURLToPath(import.meta.url), { workerData: { latencyMs } });
  const [port] = (await once(thread, 'message')) as [number];
  async function ask<T>(question: 'seen' | 'duplicates'): Promise<T> {
    thread.postMessage(question);
    return ((await once(thread, 'message')) as [T])[0];
  }
  return {
    url: `http://127.0.0.1:${port}`,
    takeSeen: () => ask('seen'),
    duplicates: () => ask('duplicates'),
    stop: async () => void (await thread.terminate()),
  };
}

/** From the first call of these paths to the last. */
export function spanOf(seen: ReadonlyMap<string, Seen>, paths: readonly string[]): number {
  const all = paths.flatMap((path) => seen.get(path) ?? []);
  return Math.max(...all.map(({ lastMs }) => lastMs)) - Math.min(...all.map(({ firstMs }) => firstMs));
}

if (parentPort !== null) serve((workerData as { readonly latencyMs: number }).latencyMs);

function serve(latencyMs: number): void {
  const seen = new Map<string, Seen>();
  const created = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const now = performance.now();
      const before = seen.get(path) ?? { calls: 0, firstMs: now };
      seen.set(path, { calls: before.calls + 1, firstMs: before.firstMs, lastMs: now });
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
      const text = JSON.stringify(answer(path, body));
      const send = (): void => void response.setHeader('content-type', 'application/json').end(text);
      if (latencyMs === 0) send();
      else setTimeout(send, latencyMs);
    });
  });
  const answer = (path: string, body: Record<string, string>): object => {
    if (path === '/update-lead') return { leadId: body['leadId'] };
    if (path !== '/alta-lead')
      return { status: 'OK', nif: body['nif'], client: false, partnerManage: true, agentId: '0051245' };
    const id = body['partnerLeadId'] ?? '';
    created.set(id, (created.get(id) ?? 0) + 1);
    return { leadId: `F-${created.size}` };
  };
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
  parentPort?.on('message', (question: 'seen' | 'duplicates') => {
    if (question === 'duplicates') {
      parentPort?.postMessage([...created.values()].filter((times) => times > 1).length);
      return;
    }
    parentPort?.postMessage(seen);
    seen.clear();
  });
}

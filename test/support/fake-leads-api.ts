import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeLeadsApi {
  readonly url: string;
  /** The ground truth: every create that took effect, in order. */
  readonly creates: readonly { readonly partnerLeadId: string; readonly leadId: string; readonly body: unknown }[];
  readonly updates: readonly { readonly leadId: string; readonly estado: string }[];
  /** Every request that came, turned away or not. */
  readonly calls: readonly { readonly path: string; readonly at: number }[];
  /** From now on nothing takes effect: sockets are reset, or every call is answered with a status. Null: all is well again. */
  turnAway(how: 'reset' | number | null): void;
  /** Resolves when so many creates have taken effect. */
  seen(creates: number): Promise<void>;
  close(): Promise<void>;
}

/** A Leads API that shares no line with the sandbox: answers at once, manages every client, remembers what it did. */
export async function startFakeLeadsApi(
  intercept: (path: string, body: Record<string, string>, response: ServerResponse) => boolean = () => false,
): Promise<FakeLeadsApi> {
  const creates: { partnerLeadId: string; leadId: string; body: unknown }[] = [];
  const updates: { leadId: string; estado: string }[] = [];
  const calls: { path: string; at: number }[] = [];
  let away: 'reset' | number | null = null;
  const news = new EventEmitter();
  const server = createServer((request, response) => {
    calls.push({ path: request.url ?? '', at: performance.now() });
    if (away === 'reset') return void request.socket.destroy();
    if (away !== null) return void request.resume().on('end', () => response.writeHead(Number(away)).end());
    void readJson(request).then((body) => {
      const path = request.url ?? '';
      if (path === '/alta-lead') {
        const leadId = `F${creates.length + 1}`;
        creates.push({ partnerLeadId: String(body['partnerLeadId']), leadId, body });
        news.emit('create');
        if (!intercept(path, body, response)) send(response, { leadId, idLanding: `L${leadId}` });
      } else if (intercept(path, body, response)) {
        // answered by the test
      } else if (path === '/client-data') {
        send(response, { status: 'OK', nif: body['nif'], client: false, partnerManage: true, agentId: '0051245' });
      } else {
        updates.push({ leadId: String(body['leadId']), estado: String(body['estado']) });
        send(response, { leadId: body['leadId'] });
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    creates,
    updates,
    calls,
    turnAway(how) {
      away = how;
    },
    async seen(count) {
      while (creates.length < count) await once(news, 'create');
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readJson(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, string>;
}

function send(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

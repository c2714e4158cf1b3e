import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Body = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly path: string;
  readonly body: Body;
  readonly headers: IncomingMessage['headers'];
  /** From 1. */
  readonly nth: number;
}

export interface Said {
  readonly status?: number;
  readonly body?: unknown;
  /** Instead of JSON. */
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StrangeApi {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A Leads API that shares no line with the sandbox. Does what the specification says where `strange` answers null; what
 * it answers else is sent in its place. `legal` is the answer that there would be.
 */
export async function startStrangeApi(
  strange: (asked: Asked, legal: Said) => Said | null,
  serve: (listener: (request: IncomingMessage, response: ServerResponse) => void) => Server = createServer,
): Promise<StrangeApi> {
  let calls = 0;
  let leads = 0;
  const known = new Set<string>();
  const nextLead = () => {
    leads += 1;
    known.add(String(leads));
    return String(leads);
  };
  const server = serve((request, response) => {
    void readJson(request).then((body) => {
      calls += 1;
      const asked = { path: request.url ?? '', body, headers: request.headers, nth: calls };
      const legal = obey(asked, known, nextLead);
      send(response, strange(asked, legal) ?? legal);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = 'setSecureContext' in server ? 'https' : 'http';
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const longest: Readonly<Record<string, number>> = {
  leadOrigin: 25,
  partnerLeadId: 45,
  parametersURL: 999,
  partner: 255,
  trafficSource: 255,
  campaign: 255,
  email: 50,
  name: 50,
  origen: 20,
  refExt: 20,
};

function obey({ path, body }: Asked, known: ReadonlySet<string>, nextLead: () => string): Said {
  if (path === '/client-data') {
    if (!filled(body['nif'])) return refusal('nif');
    const said = { client: false, partnerManage: true, message: 'OK', status: 'OK', nif: body['nif'] };
    return { body: said };
  }
  if (path === '/alta-lead') {
    const wrong = wrongFields(body);
    if (wrong.length > 0) return refusal(...wrong);
    return { body: { leadId: nextLead(), idLanding: 'L', message: 'OK' } };
  }
  if (path === '/update-lead') {
    const wrong = ['estado', 'leadId', 'observacion'].filter((name) => !filled(body[name]));
    if (wrong.length > 0) return refusal(...wrong);
    if (!/^\d+$/.test(String(body['estado']))) return refusal('estado');
    return known.has(String(body['leadId'])) ? { body: { leadId: body['leadId'], message: 'OK' } } : refusal('leadId');
  }
  return { status: 404, html: '<h1>Not found</h1>' };
}

function wrongFields(body: Body): string[] {
  return [
    ...['acceptTerms', 'name', 'phone'].filter((name) => !filled(body[name])),
    ...(/^\d{7}$/.test(String(body['agenteId'])) ? [] : ['agenteId']),
    ...(['1', '2'].includes(String(body['motivoLlamada'])) ? [] : ['motivoLlamada']),
    ...Object.entries(longest).flatMap(([name, max]) => (lengthOf(body[name]) > max ? [name] : [])),
  ];
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? [...value].length : 0;
}

function filled(value: unknown): boolean {
  return value !== undefined && value !== '';
}

function refusal(...fields: readonly string[]): Said {
  return { status: 400, body: { message: `wrong: ${fields.join(', ')}` } };
}

function send(response: ServerResponse, { status = 200, body, html, headers = {} }: Said): void {
  response.writeHead(status, {
    'content-type': html === undefined ? 'application/json' : 'text/html; charset=utf-8',
    ...headers,
  });
  response.end(html ?? JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Body;
}

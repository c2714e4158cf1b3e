import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Call, CallResult, LeadsApi } from '../../../../src/app/ports/leads-api.ts';
import type { LeadsApiOptions } from '../../../../src/adapters/leads-api/leads-api-client.ts';
import type { Endpoint, Evidence } from '../../../../src/domain/call-outcome.ts';
import { call, lead, update } from '../api-under-test.ts';
import { startRawServer } from '../raw-server.ts';

/** One way for a call to end, brought about by a real server. */
export interface EndingCase {
  readonly how: string;
  readonly scene: Scene;
  /** Defaults to alta lead. */
  readonly on?: Endpoint;
  /** `kind`, or `kind CODE`, or for try_later the milliseconds. */
  readonly verdict: string;
  readonly evidence: Evidence;
}

export interface Staged {
  readonly url: string;
  readonly options?: Partial<LeadsApiOptions>;
  readonly call?: Partial<Call>;
  /** Instead of one call. */
  readonly ask?: (api: LeadsApi) => Promise<CallResult<unknown>>;
  close(): Promise<void>;
}
export type Scene = () => Promise<Staged>;

type More = Pick<Staged, 'options' | 'call'>;

/** A server that takes the whole request and then does this. */
export function behaves(behaviour: (socket: Socket, request: string, nth: number) => void, more: More = {}): Scene {
  return async () => {
    const server = await startRawServer(behaviour);
    return { url: server.url, close: () => server.close(), ...more };
  };
}

/** A server that takes the whole request and writes these bytes. */
export function says(text: string | Uint8Array, more: More = {}): Scene {
  return behaves((socket) => socket.write(text), more);
}

/** A TLS server with this certificate, which is trusted as an authority. */
export function overTls(
  credentials: { readonly cert: string; readonly key: string },
  text: string,
  more: More = {},
): Scene {
  return async () => {
    const server = await startRawServer((socket) => socket.write(text), { server: createTlsServer(credentials) });
    return { url: server.url, close: () => server.close(), ...more };
  };
}

export function ask(api: LeadsApi, endpoint: Endpoint, part: Partial<Call> = {}): Promise<CallResult<unknown>> {
  switch (endpoint) {
    case 'clientData':
      return api.checkClient(lead.dni, call(part));
    case 'altaLead':
      return api.createLead(lead, call(part));
    case 'updateLead':
      return api.updateLead(update, call(part));
  }
}

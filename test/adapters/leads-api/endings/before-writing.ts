import { createServer as createTlsServer } from 'node:tls';
import type { Ending } from '../../../../src/domain/classify-call.ts';
import { call, lead } from '../api-under-test.ts';
import { answer, json, startRawServer } from '../raw-server.ts';
import { selfSigned } from '../self-signed.ts';
import { expired, ofAnotherHost } from '../strange-certificates.ts';
import { startUnansweringPort } from '../unanswering-port.ts';
import { behaves, overTls, says } from './ending-case.ts';
import type { EndingCase, Scene } from './ending-case.ts';
import { startProxy, tunnel } from '../proxy-under-test.ts';

const unsent = { evidence: 'never_written' } as const;
const ok = json({ leadId: '1' });

const nobodyListens: Scene = async () => {
  const gone = await startRawServer(() => {});
  await gone.close();
  return { url: gone.url, close: async () => {} };
};

/** A server that resets each connection in the middle of the TLS handshake. */
const resetsInHandshake: Scene = async () => {
  const server = await startRawServer(() => {}, {
    onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()),
  });
  return { url: server.url.replace('http:', 'https:'), close: () => server.close() };
};

const speaksNoTls: Scene = async () => {
  const server = await startRawServer(() => {}, {
    onConnection: (socket) => socket.once('data', () => socket.end(answer(400, 'The plain HTTP request'))),
  });
  return { url: server.url.replace('http:', 'https:'), close: () => server.close() };
};

const neverShakesHands: Scene = async () => {
  const server = await startRawServer(() => {});
  return { url: server.url.replace('http:', 'https:'), options: { timeoutMs: 300 }, close: () => server.close() };
};

const oldTlsAlone: Scene = async () => {
  const server = await startRawServer(() => {}, {
    server: createTlsServer({ ...selfSigned, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }),
  });
  return { url: server.url, options: { ca: selfSigned.cert }, close: () => server.close() };
};

/** The only connection is taken by a call that is never answered, no other can be made, and a second call waits. */
const queued: (stop: 'deadline' | 'shutdown') => Scene = (stop) => async () => {
  const arrived = Promise.withResolvers<void>();
  const server = await startRawServer(() => arrived.resolve());
  const proxy = await startProxy((socket, _head, nth) => nth === 1 && tunnel(socket, server.url));
  return {
    url: server.url,
    options: { connections: 1, timeoutMs: 400, proxy: proxy.url },
    async ask(api) {
      const first = api.createLead(lead, call());
      await arrived.promise;
      const ending = new AbortController();
      const second = api.createLead(lead, call({ signal: ending.signal }));
      if (stop === 'shutdown') ending.abort();
      const result = await second;
      await first;
      return result;
    },
    async close() {
      await Promise.all([proxy.close(), server.close()]);
    },
  };
};

const unansweringPort: Scene = async () => {
  const port = await startUnansweringPort();
  return { ...port, options: { timeoutMs: 600 } };
};

const tokenEndpoint: (text: string) => Scene = (text) => async () => {
  const tokens = await startRawServer((socket) => socket.write(text));
  const server = await startRawServer((socket) => socket.write(ok));
  const auth = { kind: 'oauth2', tokenUrl: `${tokens.url}/token`, clientId: 'id', clientSecret: 's' } as const;
  return {
    url: server.url,
    options: { auth },
    async close() {
      await Promise.all([server.close(), tokens.close()]);
    },
  };
};

const proxyThat: (status: number) => Scene = (status) => async () => {
  const proxy = await startProxy((socket) => socket.end(`HTTP/1.1 ${status} Said\r\ncontent-length: 0\r\n\r\n`));
  return { url: 'http://api.example', options: { proxy: proxy.url }, close: () => proxy.close() };
};

const halted = 'halted API_HALTED_CREDENTIALS';
const certificate = 'halted API_HALTED_CERTIFICATE';
const notSent = 'not_sent API_NOT_SENT';

export const beforeWriting = {
  'never written: kept back by us': [
    {
      how: 'the send budget is spent',
      scene: says(ok, { call: { maySend: () => false } }),
      verdict: 'withheld',
      ...unsent,
    },
    { how: 'shutdown meets it in the queue', scene: queued('shutdown'), verdict: 'withheld', ...unsent },
    {
      how: 'shutdown came first',
      scene: says(ok, { call: { signal: AbortSignal.abort() } }),
      verdict: 'withheld',
      ...unsent,
    },
  ],
  'never written: a certificate is not trusted': [
    { how: 'self-signed', scene: overTls(selfSigned, ok), verdict: certificate, ...unsent },
    {
      how: 'expired',
      scene: overTls(expired, ok, { options: { ca: expired.cert } }),
      verdict: certificate,
      ...unsent,
    },
    {
      how: 'of another host',
      scene: overTls(ofAnotherHost, ok, { options: { ca: ofAnotherHost.cert } }),
      verdict: certificate,
      ...unsent,
    },
    {
      // In TLS 1.3 the server looks at our certificate when we could write already.
      how: 'the server wants a certificate of ours',
      scene: async () => {
        const asks = { ...selfSigned, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;
        const server = await startRawServer(() => {}, { server: createTlsServer(asks) });
        return { url: server.url, options: { ca: selfSigned.cert }, close: () => server.close() };
      },
      verdict: certificate,
      ...unsent,
    },
  ],
  'never written: token endpoint or proxy says 400, 401, 403 or 407': [
    ...[400, 401, 403].map((status) => ({
      how: `the token endpoint says ${status}`,
      scene: tokenEndpoint(json({ error: 'invalid_client' }, status)),
      verdict: halted,
      ...unsent,
    })),
    { how: 'the proxy wants a password', scene: proxyThat(407), verdict: halted, ...unsent },
    { how: 'the proxy allows no such host', scene: proxyThat(403), verdict: halted, ...unsent },
  ],
  'never written: anything else': [
    { how: 'refused', scene: nobodyListens, verdict: notSent, ...unsent },
    {
      how: 'no such name',
      scene: async () => ({ url: 'http://nowhere.invalid', close: async () => {} }),
      verdict: notSent,
      ...unsent,
    },
    { how: 'connecting takes too long', scene: unansweringPort, verdict: notSent, ...unsent },
    { how: 'a reset in the TLS handshake', scene: resetsInHandshake, verdict: notSent, ...unsent },
    { how: 'a TLS handshake that never ends', scene: neverShakesHands, verdict: notSent, ...unsent },
    { how: 'no TLS at all on the https port', scene: speaksNoTls, verdict: notSent, ...unsent },
    { how: 'only a TLS that we do not speak', scene: oldTlsAlone, verdict: notSent, ...unsent },
    { how: 'the deadline meets it in the queue', scene: queued('deadline'), verdict: notSent, ...unsent },
    { how: 'the token endpoint is down', scene: tokenEndpoint(answer(503, '')), verdict: notSent, ...unsent },
    { how: 'the token endpoint says 429', scene: tokenEndpoint(answer(429, '')), verdict: notSent, ...unsent },
    { how: 'the proxy can not reach the API', scene: proxyThat(502), verdict: notSent, ...unsent },
    { how: 'the token is no JSON', scene: tokenEndpoint(answer(200, '<html>')), verdict: notSent, ...unsent },
  ],
} as const satisfies Partial<Record<Ending, readonly EndingCase[]>>;

export const withoutStatus = {
  'no status': [
    ...(['clientData', 'altaLead', 'updateLead'] as const).map((on) => ({
      how: `reset after the whole request, ${on}`,
      on,
      scene: behaves((socket) => socket.resetAndDestroy()),
      verdict: on === 'altaLead' ? 'ambiguous API_NO_ANSWER' : 'ambiguous API_UNAVAILABLE',
      evidence: 'maybe_written' as const,
    })),
    {
      how: 'FIN after the whole request',
      scene: behaves((socket) => socket.end()),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
    {
      how: 'silence until the deadline',
      scene: behaves(() => {}, { options: { timeoutMs: 200 } }),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
    {
      how: 'half a head, then silence',
      scene: says('HTTP/1.1 200 OK\r\ncontent-le', { options: { timeoutMs: 200 } }),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
    {
      how: 'half a head, then FIN',
      scene: behaves((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
    {
      how: 'a head without end',
      scene: says(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(200_000)}`),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
    {
      how: 'no HTTP',
      scene: behaves((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n\r\n')),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
    {
      how: 'interim answers alone',
      scene: says('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n', { options: { timeoutMs: 200 } }),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
    {
      how: 'another protocol, unasked',
      scene: says('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
      verdict: 'ambiguous API_NO_ANSWER',
      evidence: 'maybe_written',
    },
  ],
} as const satisfies Partial<Record<Ending, readonly EndingCase[]>>;

import { gzipSync } from 'node:zlib';
import type { Ending } from '../../../../src/domain/classify-call.ts';
import type { Endpoint } from '../../../../src/domain/call-outcome.ts';
import { answer, json } from '../raw-server.ts';
import { behaves, says } from './ending-case.ts';
import type { EndingCase, Scene } from './ending-case.ts';

const whole = { evidence: 'response_complete' } as const;
const html = '<html>Sign in</html>';
const doubt = 'ambiguous API_NO_ANSWER';
const soon = { options: { timeoutMs: 300 } };
const ko = { final: ['póliza en vigor', 'DNI incorrecto'], retry: ['fuera de servicio'] };
const known = { options: { ko } };
const checked = { status: 'OK', nif: '12345678Z', client: true, partnerManage: true, agentId: '0051245' };

function ofLead(how: string, scene: Scene, verdict = doubt, evidence: EndingCase['evidence'] = 'response_complete') {
  return { how, scene, verdict, evidence };
}

function of(on: Endpoint, how: string, scene: Scene, verdict: string): EndingCase {
  return { on, how, scene, verdict, ...whole };
}

/** An answer in bytes, with a head of its own. */
function bytes(body: Uint8Array, headers: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries({ 'content-length': String(body.length), ...headers });
  const head = `HTTP/1.1 200 OK\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const chunked = (body: string, trailer: string) =>
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-checksum\r\n\r\n' +
  `${body.length.toString(16)}\r\n${body}\r\n0\r\n${trailer}\r\n`;

/** A body that goes on until the client has enough. */
const endless: Scene = behaves((socket) => {
  socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
});

/** A body of one byte now and then, each in time for the body's own timeout. */
const dripping: Scene = behaves((socket) => {
  socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
  const drip = setInterval(() => socket.write('1\r\n \r\n'), 20);
  socket.on('close', () => clearInterval(drip));
}, soon);

export const byBody = {
  'a message that is configured as final': [
    of(
      'altaLead',
      '200 with a message alone',
      says(json({ message: 'Error: dni incorrecto.' }), known),
      'refused API_REFUSED',
    ),
    of('altaLead', '400 with a message', says(json({ message: 'DNI incorrecto' }, 400), known), 'refused API_REFUSED'),
    of('clientData', 'KO', says(json({ status: 'KO', message: 'Póliza en vigor' }), known), 'refused API_REFUSED'),
    of(
      'clientData',
      'KO with 500',
      says(json({ status: 'KO', message: 'DNI incorrecto' }, 500), known),
      'refused API_REFUSED',
    ),
    of('updateLead', 'KO', says(json({ status: 'KO', message: 'DNI incorrecto' }), known), 'refused API_REFUSED'),
  ],
  'a message that is configured as retry': [
    of('altaLead', '200 with a message alone', says(json({ message: 'FUERA DE SERVICIO' }), known), 'try_later null'),
    of('altaLead', 'KO', says(json({ status: 'KO', message: 'Fuera de servicio' }), known), 'try_later null'),
    of('clientData', 'KO', says(json({ status: 'KO', message: 'fuera de servicio' }), known), 'try_later null'),
    of(
      'altaLead',
      '400 with Retry-After',
      says(json({ message: 'fuera de servicio' }, 400, { 'retry-after': '3' }), known),
      'try_later 3000',
    ),
  ],
  'KO of client data': [200, 422, 500].map((status) =>
    of(
      'clientData',
      `with ${status}`,
      says(json({ status: 'KO', partnerManage: true, client: false }, status)),
      'inconclusive API_KO',
    ),
  ),
  '2xx of client data about another NIF': [
    of('clientData', 'crossed', says(json({ ...checked, nif: '87654321X' })), 'inconclusive API_ANSWER_MISMATCH'),
  ],
  '2xx of client data with something missing': [
    of(
      'clientData',
      'no partnerManage',
      says(json({ status: 'OK', client: true })),
      'inconclusive API_ANSWER_INCOMPLETE',
    ),
    of('clientData', 'no status', says(json({ ...checked, status: undefined })), 'inconclusive API_ANSWER_INCOMPLETE'),
    of('clientData', 'nothing', says(json({})), 'inconclusive API_ANSWER_INCOMPLETE'),
  ],
  '2xx or 4xx with a KO or a refusal': [
    ...[400, 404, 410, 413, 415, 418, 422].flatMap((status) =>
      (['clientData', 'altaLead', 'updateLead'] as const).map((on) =>
        of(
          on,
          `${status} with a message, ${on}`,
          says(json({ message: 'name is required' }, status)),
          'refused API_REFUSED',
        ),
      ),
    ),
    of('altaLead', '200 with a KO', says(json({ status: 'KO', message: 'no' })), 'refused API_REFUSED'),
    of('updateLead', '200 with a KO', says(json({ status: 'KO', leadId: '4711' })), 'refused API_REFUSED'),
    of('updateLead', '409 with a message', says(json({ message: 'closed' }, 409)), 'refused API_REFUSED'),
  ],
  '2xx of update lead about another lead': [
    of('updateLead', 'crossed', says(json({ leadId: '1' })), 'ambiguous API_ANSWER_MISMATCH'),
  ],
  'anything else': [
    ...[200, 201, 202].map((status) => ofLead(`${status} without a leadId`, says(json({ message: 'OK' }, status)))),
    ofLead('202 that is accepted', says(json({ accepted: true }, 202))),
    ofLead('204', says('HTTP/1.1 204 No Content\r\n\r\n')),
    ofLead('200 with nothing', says(answer(200, ''))),
    ofLead('200 with white space', says(answer(200, ' \r\n '))),
    ofLead('200 with a page', says(answer(200, html, { 'content-type': 'text/html' }))),
    ofLead('200 with a page that calls itself JSON', says(answer(200, html, { 'content-type': 'application/json' }))),
    ofLead('200 with garbled JSON', says(answer(200, '{"leadId": 47'))),
    ofLead('200 with two JSON texts', says(answer(200, '{"leadId":"1"}{"leadId":"2"}'))),
    ofLead('200 with a list', says(json([{ leadId: '1' }]))),
    ofLead('200 with two leadIds', says(answer(200, '{"leadId":"1","message":"OK","leadId":"2"}'))),
    ...[null, '', ' ', 'null', '0', 0, true, {}, ['1'], 1.5, 'two words', 'x'.repeat(256), '47\uFFFD1'].map((leadId) =>
      ofLead(`200 with the leadId ${JSON.stringify(leadId).slice(0, 30)}`, says(json({ leadId, message: 'OK' }))),
    ),
    ofLead(
      'a body shorter than it says',
      behaves((socket) => socket.end(answer(200, '{"leadId":"1"}', { 'content-length': '99' }))),
      doubt,
      'response_started',
    ),
    ofLead(
      'a body that stops coming',
      says(answer(200, '{"leadId":', { 'content-length': '99' }), soon),
      doubt,
      'response_started',
    ),
    ofLead(
      'a body that is reset',
      behaves((socket) =>
        socket.write(answer(200, '{"leadId":', { 'content-length': '99' }), () => socket.resetAndDestroy()),
      ),
      doubt,
      'response_started',
    ),
    ofLead(
      'a chunk that is cut off',
      behaves((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"leadId":"1"}')),
      doubt,
      'response_started',
    ),
    ofLead(
      'a chunk whose size is no number',
      says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{"leadId":"1"}\r\n0\r\n\r\n'),
      doubt,
      'response_started',
    ),
    ofLead(
      'a body larger than any answer',
      says(json({ leadId: '1', message: 'x'.repeat(300_000) })),
      doubt,
      'response_started',
    ),
    ofLead('a body without end', endless, doubt, 'response_started'),
    ofLead('a body that drips', dripping, doubt, 'response_started'),
    ofLead(
      'gzip that is cut off',
      says(bytes(gzipSync('{"leadId":"1"}').subarray(0, 12), { 'content-encoding': 'gzip' })),
    ),
    ofLead(
      'gzip that grows beyond any answer',
      says(bytes(gzipSync(`{"leadId":"1","message":"${'x'.repeat(1_000_000)}"}`), { 'content-encoding': 'gzip' })),
    ),
    ofLead('an encoding that nobody knows', says(bytes(gzipSync('{"leadId":"1"}'), { 'content-encoding': 'zstd' }))),
    ofLead('UTF-16', says(bytes(Buffer.from('{"leadId":"1"}', 'utf16le'), {}))),
    ...[400, 402, 406, 410, 413, 415, 418, 422, 431, 451].map((status) =>
      ofLead(`${status} with a page`, says(answer(status, html))),
    ),
    ofLead('408 with a page', says(answer(408, html))),
    ofLead('408 with a message', says(json({ message: 'Request timeout' }, 408))),
    ofLead(
      '422 whose body is cut off',
      says(answer(422, '{"message":', { 'content-length': '99' }), soon),
      doubt,
      'response_started',
    ),
    ...[500, 501, 502, 503, 504, 520, 599].flatMap((status) => [
      ofLead(`${status} with a page`, says(answer(status, html))),
      ofLead(`${status} with a message`, says(json({ message: 'oops' }, status))),
      ofLead(`${status} with a KO`, says(json({ status: 'KO', message: 'oops' }, status))),
    ]),
    ofLead(
      "a gateway's timeout",
      says(json({ fault: { detail: { errorcode: 'messaging.adaptors.http.flow.GatewayTimeout' } } }, 504)),
    ),
    ofLead('500 with a message that is configured as final', says(json({ message: 'DNI incorrecto' }, 500), known)),
    of('clientData', '502', says(answer(502, html)), 'ambiguous API_UNAVAILABLE'),
    of('clientData', 'an answer with 500', says(json(checked, 500)), 'ambiguous API_UNAVAILABLE'),
    of('clientData', '200 with a page', says(answer(200, html)), 'ambiguous API_UNAVAILABLE'),
    of('updateLead', '503 without Retry-After', says(answer(503, '')), 'ambiguous API_UNAVAILABLE'),
    of('updateLead', '200 without a leadId', says(json({ message: 'OK' })), 'ambiguous API_UNAVAILABLE'),
  ],
} as const satisfies Partial<Record<Ending, readonly EndingCase[]>>;

const good = '{"leadId":"1","message":"OK"}';

/** Strange and good: each of them carries a leadId that must not be lost. */
export const strangeAndGood: readonly EndingCase[] = [
  ofLead('a byte order mark', says(answer(200, `\uFEFF${good}`)), 'answered'),
  ofLead('a wrong content-type', says(answer(200, good, { 'content-type': 'text/html; charset=latin1' })), 'answered'),
  ofLead('no content-type', says(answer(200, good)), 'answered'),
  ofLead('white space around', says(answer(200, `\r\n\t${good}\r\n`)), 'answered'),
  ofLead('gzip', says(bytes(gzipSync(good), { 'content-encoding': 'GZIP' })), 'answered'),
  ofLead('a chunked body with trailers', says(chunked(good, 'x-checksum: 1\r\n')), 'answered'),
  ofLead(
    'interim answers before it',
    says(`HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${answer(200, good)}`),
    'answered',
  ),
  ofLead(
    'a body that ends with the connection',
    behaves((socket) => socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${good}`)),
    'answered',
  ),
  ofLead(
    'HTTP/1.0',
    behaves((socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${good}`)),
    'answered',
  ),
  ofLead('a KO beside it', says(json({ leadId: '1', status: 'KO' })), 'answered'),
  ofLead('the same name further inside', says(answer(200, '{"leadId":"1","request":{"leadId":"2"}}')), 'answered'),
  ofLead(
    'a mark of the sandbox outside production',
    says(json({ leadId: '1' }, 200, { 'x-leads-sandbox': '1' })),
    'answered',
  ),
  ofLead(
    'bytes that are no UTF-8 in the message',
    says(bytes(Buffer.from('{"leadId":"1","message":"Petición"}', 'latin1'), {})),
    'answered',
  ),
  ofLead('a reason that is none', says(`HTTP/1.1 200 \r\ncontent-length: ${good.length}\r\n\r\n${good}`), 'answered'),
];

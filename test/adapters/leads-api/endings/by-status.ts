import type { Ending } from '../../../../src/domain/classify-call.ts';
import type { Endpoint } from '../../../../src/domain/call-outcome.ts';
import { answer, json } from '../raw-server.ts';
import { says } from './ending-case.ts';
import type { EndingCase, Scene } from './ending-case.ts';

const everyEndpoint: readonly Endpoint[] = ['clientData', 'altaLead', 'updateLead'];
const whole = { evidence: 'response_complete' } as const;
const html = '<html>An administrator has been told</html>';
const marked = { 'x-leads-sandbox': '1' };
const known = { options: { statuses: { final: [500], retry: [502] } } };
const production = { options: { refuseSandbox: true } };
const quota = (errorcode: string) => ({ fault: { faultstring: 'x', detail: { errorcode } } });

function onEach(
  endpoints: readonly Endpoint[],
  how: string,
  scene: Scene,
  verdict: string,
  evidence: EndingCase['evidence'] = 'response_complete',
): EndingCase[] {
  return endpoints.map((on) => ({ how: `${how}, ${on}`, on, scene, verdict, evidence }));
}

const answerOf: Readonly<Record<Endpoint, object>> = {
  clientData: { status: 'OK', nif: '12345678Z', client: true, partnerManage: true, agentId: '0051245' },
  altaLead: { leadId: '1' },
  updateLead: { leadId: '4711' },
};

export const byStatus = {
  'sandbox in production: alta lead may have been carried out': [
    {
      how: 'a marked leadId',
      scene: says(json({ leadId: '1' }, 200, marked), production),
      verdict: 'ambiguous API_IS_SANDBOX',
      ...whole,
    },
    {
      how: 'a marked 500',
      scene: says(answer(500, '', marked), production),
      verdict: 'ambiguous API_IS_SANDBOX',
      ...whole,
    },
  ],
  'sandbox in production: anything else': [
    {
      how: 'a marked 422 of alta lead',
      scene: says(json({ message: 'name' }, 422, marked), production),
      verdict: 'halted API_IS_SANDBOX',
      ...whole,
    },
    ...(['clientData', 'updateLead'] as const).map((on) => ({
      how: `a marked answer, ${on}`,
      on,
      scene: says(json(answerOf[on], 200, marked), production),
      verdict: 'halted API_IS_SANDBOX',
      ...whole,
    })),
  ],
  'a status that is configured as final': [
    { how: 'a 500 without a word', scene: says(answer(500, '', {}), known), verdict: 'refused API_REFUSED', ...whole },
    ...onEach(everyEndpoint, 'a 500 as HTML', says(answer(500, html), known), 'refused API_REFUSED'),
    {
      how: 'a 500 with a message that is foreseen otherwise',
      scene: says(json({ message: 'fuera de servicio' }, 500), {
        options: { ...known.options, ko: { final: [], retry: ['fuera de servicio'] } },
      }),
      verdict: 'refused API_REFUSED',
      ...whole,
    },
  ],
  'a status that is configured as retry': [
    ...onEach(everyEndpoint, 'a 502 as HTML', says(answer(502, html), known), 'try_later null', 'response_complete'),
    {
      how: 'with Retry-After',
      scene: says(answer(502, '', { 'retry-after': '3' }), known),
      verdict: 'try_later 3000',
      ...whole,
    },
  ],
  '409 of alta lead': [
    { how: 'a refusal', scene: says(json({ message: 'exists' }, 409)), verdict: 'ambiguous API_CONFLICT', ...whole },
    { how: 'HTML', scene: says(answer(409, html)), verdict: 'ambiguous API_CONFLICT', ...whole },
    { how: 'a leadId', scene: says(json({ leadId: '1' }, 409)), verdict: 'ambiguous API_CONFLICT', ...whole },
  ],
  'alta lead with a leadId': [200, 201, 202, 307, 400, 401, 429, 500, 503].map((status) => ({
    how: `with ${status}`,
    scene: says(json({ leadId: '1' }, status)),
    verdict: 'answered',
    ...whole,
  })),
  '301, 302 or 303 of alta lead': [301, 302, 303].map((status) => ({
    how: String(status),
    scene: says(answer(status, '', { location: '/elsewhere' })),
    verdict: 'ambiguous API_NO_ANSWER',
    ...whole,
  })),
  '401, 403 or 407': [
    ...[401, 403, 407].flatMap((status) =>
      onEach(
        everyEndpoint,
        `${status} with a refusal`,
        says(json({ message: 'no' }, status)),
        'halted API_HALTED_CREDENTIALS',
      ),
    ),
    ...onEach(everyEndpoint, "403 with a firewall's page", says(answer(403, html)), 'halted API_HALTED_CREDENTIALS'),
    ...onEach(
      everyEndpoint,
      "401 with a gateway's fault",
      says(json(quota('oauth.v2.InvalidAccessToken'), 401)),
      'halted API_HALTED_CREDENTIALS',
    ),
  ],
  'any other 3xx': [
    ...[307, 308].flatMap((status) =>
      onEach(
        everyEndpoint,
        String(status),
        says(answer(status, '', { location: '/elsewhere' })),
        'halted API_HALTED_REDIRECT',
      ),
    ),
    ...[301, 302, 303].flatMap((status) =>
      onEach(
        ['clientData', 'updateLead'],
        String(status),
        says(answer(status, '', { location: '/elsewhere' })),
        'halted API_HALTED_REDIRECT',
      ),
    ),
    ...onEach(everyEndpoint, '300', says(answer(300, html)), 'halted API_HALTED_REDIRECT'),
  ],
  '425 or 429': [
    ...onEach(everyEndpoint, '429 alone', says(answer(429, '')), 'try_later null'),
    ...onEach(everyEndpoint, '425', says(json({ message: 'early' }, 425)), 'try_later null'),
    ...[
      ['seconds', '7', 7_000],
      ['an absurd number of seconds', '99999999999', 900_000],
      ['no seconds', '0', 1_000],
      ['an HTTP date', 'Mon, 23 Nov 2026 10:01:30 GMT', 90_000],
      ['a date long ago', 'Mon, 23 Nov 2020 10:00:00 GMT', 1_000],
      ['a date of another century', 'Mon, 23 Nov 2126 10:00:00 GMT', 900_000],
      ['words', 'soon', null],
      ['a negative number', '-5', null],
    ].map(([what, value, ms]) => ({
      how: `429 with ${what} in Retry-After`,
      scene: says(json({}, 429, { date: 'Mon, 23 Nov 2026 10:00:00 GMT', 'retry-after': String(value) })),
      verdict: `try_later ${ms}`,
      ...whole,
    })),
    {
      how: '429 whose body is cut off',
      scene: says(answer(429, '{', { 'content-length': '99', 'retry-after': '2' }), { options: { timeoutMs: 300 } }),
      verdict: 'try_later 2000',
      evidence: 'response_started',
    },
  ],
  '503 with Retry-After': [
    ...onEach(everyEndpoint, 'seconds', says(answer(503, html, { 'retry-after': '1' })), 'try_later 1000'),
    {
      how: 'an HTTP date',
      scene: says(
        answer(503, '', {
          date: 'Mon, 23 Nov 2026 10:00:00 GMT',
          'retry-after': 'Mon, 23 Nov 2026 10:00:20 GMT',
        }),
      ),
      verdict: 'try_later 20000',
      ...whole,
    },
  ],
  'a gateway out of quota': [
    ...[500, 503].flatMap((status) =>
      onEach(
        everyEndpoint,
        `${status}`,
        says(json(quota('policies.ratelimit.SpikeArrestViolation'), status)),
        'try_later null',
      ),
    ),
    {
      how: 'another policy of quota',
      scene: says(json(quota('policies.ratelimit.QuotaViolation'), 500)),
      verdict: 'try_later null',
      ...whole,
    },
  ],
  '2xx with an answer': (['clientData', 'updateLead'] as const).flatMap((on) =>
    [200, 201, 202].map((status) => ({
      how: `${status}, ${on}`,
      on,
      scene: says(json(answerOf[on], status)),
      verdict: 'answered',
      ...whole,
    })),
  ),
  '404 or 405 in no words of the API': [404, 405].flatMap((status) => [
    ...onEach(everyEndpoint, `${status} with a page`, says(answer(status, html)), 'halted API_HALTED_PATH'),
    ...onEach(
      everyEndpoint,
      `${status} of a web framework`,
      says(json({ message: 'Route not found', error: 'Not Found', statusCode: status }, status)),
      'halted API_HALTED_PATH',
    ),
  ]),
} as const satisfies Partial<Record<Ending, readonly EndingCase[]>>;

import { existsSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { faultFor } from './fault-plan.ts';
import type { ApiOptions } from './options.ts';
import { playFault } from './play-fault.ts';
import { openTruth, readTruth } from './truth.ts';

type Body = Readonly<Record<string, string>>;

export interface Answers {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Does it, writes it down, and says what a good server would answer. */
  carryOut(path: string, body: Body, headers: IncomingHttpHeaders): object;
  heal(): void;
}

/** A Leads API that shares no line with the sandbox. It goes on where its record ends. */
export function createAnswers(options: ApiOptions): Answers {
  const before = existsSync(options.truth) ? readTruth(options.truth) : [];
  const write = openTruth(options.truth);
  const byKey = new Map(
    before.flatMap((entry) => (entry.kind === 'create' ? [[entry.key, answerOf(entry.leadId)] as const] : [])),
  );
  const calls = new Map<string, number>();
  let created = before.filter(({ kind }) => kind === 'create').length;
  let { rates } = options;

  function create(body: Body, headers: IncomingHttpHeaders): object {
    const key = String(headers['idempotency-key']);
    const known = options.honoursKeys ? byKey.get(key) : undefined;
    if (known !== undefined) {
      write({ kind: 'repeat', leadId: known.leadId, requestId: String(headers['x-request-id']) });
      return known;
    }
    created += 1;
    const leadId = `C${created}`;
    const { partnerLeadId = '', partner = '' } = body;
    const requestId = String(headers['x-request-id']);
    write({ kind: 'create', atMs: Date.now(), leadId, partner, partnerLeadId, requestId, key });
    const answer = answerOf(leadId);
    byKey.set(key, answer);
    return answer;
  }

  function carryOut(path: string, body: Body, headers: IncomingHttpHeaders): object {
    if (path === '/client-data')
      return { status: 'OK', nif: body['nif'], client: false, partnerManage: true, agentId: '0051245' };
    if (path === '/alta-lead') return create(body, headers);
    const { leadId = '', observacion = '' } = body;
    write({ kind: 'update', atMs: Date.now(), leadId, observacion, requestId: String(headers['x-request-id']) });
    return { leadId };
  }

  return {
    carryOut,
    heal() {
      rates = { check: 0, write: 0 };
    },
    async answer(request, response) {
      const body = await readJson(request).catch(() => null);
      const path = request.url ?? '';
      // The caller went away in the middle of its request.
      if (body === null) return;
      const subject = `${path} ${body['nif'] ?? body['partnerLeadId'] ?? `${body['leadId']} ${body['observacion']}`}`;
      const nth = (calls.get(subject) ?? 0) + 1;
      calls.set(subject, nth);
      const isSpared = path !== '/client-data' && path !== (rates.writePath ?? path);
      const fault = isSpared ? null : faultFor(options.seed, rates, { isWrite: path !== '/client-data', subject, nth });
      if (fault !== null) write({ kind: 'fault', fault, requestId: String(request.headers['x-request-id']) });
      if (fault === 'late_after') await pause(900);
      if (fault === 'gone_then_after') {
        response.socket?.resetAndDestroy();
        await pause(2_000);
      }
      const isDone = fault === null || fault === 'slow' || fault.endsWith('_after');
      const answer = isDone ? carryOut(path, body, request.headers) : {};
      if (fault !== null) return playFault(fault, answer, response);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    },
  };
}

const answerOf = (leadId: string) => ({ leadId, idLanding: `L${leadId}` });

async function readJson(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Body;
}

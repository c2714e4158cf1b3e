import type { AskedLead, AskedNif, AskedUpdate } from '../leads-contract.ts';
import type { ClientAnswer, LeadAnswer, RecognisedBody, UpdateAnswer } from '../recognised-body.ts';
import { isObject, readFlag, readId, readText } from './lenient.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * "Client data (response)". KO wins over every other field, and `message` never decides. Otherwise `status` must be OK,
 * `nif` absent or the one asked, `partnerManage` readable, and `client` too where the partner manages; anything less is
 * `incomplete`, which is never taken for a no. An agent of zeros only is no agent.
 */
export function fromClientData(body: unknown, asked: AskedNif): RecognisedBody<ClientAnswer> {
  if (!isObject(body)) return { kind: 'unrecognised' };
  if (isKo(body)) return { kind: 'ko', message: readText(body['message']) };
  if (asked.httpStatus >= 400) return errorOf(body, asked.httpStatus);
  if (readText(body['status'])?.toUpperCase() !== 'OK') return incomplete;
  const nif = readText(body['nif']);
  if (nif !== null && foldNif(nif) !== foldNif(asked.nif)) return { kind: 'incomplete', mismatch: true };
  const partnerManage = readFlag(body['partnerManage']);
  const client = readFlag(body['client']);
  const agent = readText(body['agentId']);
  if (partnerManage === null || (partnerManage && client === null)) return incomplete;
  if (agent !== null && !/^\d{1,7}$/.test(agent)) return incomplete;
  return {
    kind: 'answer',
    answer: {
      client: client ?? false,
      partnerManage,
      agentId: agent === null || /^0+$/.test(agent) ? null : agent.padStart(7, '0'),
      multiAcceso: readFlag(body['multiAcceso']),
      reference: readText(body['reference']),
    },
  };
}

/**
 * "Alta Lead (response)". It documents no `status`: a well-formed leadId is the proof that the lead exists, whatever
 * stands beside it; a KO or an error status beside it sets `ko`, which is an alarm and not a doubt.
 */
export function fromAltaLead(body: unknown, asked: AskedLead): RecognisedBody<LeadAnswer> {
  if (!isObject(body)) return { kind: 'unrecognised' };
  const leadId = readLeadId(body);
  const message = readText(body['message']);
  if (leadId === null) return withoutLeadId(body, asked.httpStatus);
  const ko = isKo(body) || asked.httpStatus >= 400;
  return { kind: 'answer', answer: { leadId, idLanding: readText(body['idLanding']), message, ko } };
}

/** "Update Lead (response)". The leadId must be the one sent; another one may mean crossed answers. */
export function fromUpdateLead(body: unknown, asked: AskedUpdate): RecognisedBody<UpdateAnswer> {
  if (!isObject(body)) return { kind: 'unrecognised' };
  const message = readText(body['message']);
  // A refusal may well repeat the leadId, so an error status is read as one before the leadId is looked at.
  if (isKo(body)) return { kind: 'ko', message };
  if (asked.httpStatus >= 400) return errorOf(body, asked.httpStatus);
  const leadId = readId(body['leadId']);
  if (leadId === null) return withoutLeadId(body, asked.httpStatus);
  return leadId === asked.leadId
    ? { kind: 'answer', answer: { leadId, message } }
    : { kind: 'incomplete', mismatch: true };
}

/** Far beyond any id, and short enough for the ledger's index: an answer that can't be written down would be lost. */
const maxLeadIdLength = 255;

/** U+FFFD is what is left of a byte that was no UTF-8: such an id could not be quoted back. */
function readLeadId(body: Body): string | null {
  const leadId = readId(body['leadId']);
  return leadId === null || leadId.length > maxLeadIdLength || leadId.includes('\uFFFD') ? null : leadId;
}

const incomplete = { kind: 'incomplete', mismatch: false } as const;

function withoutLeadId(body: Body, httpStatus: number): RecognisedBody<never> {
  if (isKo(body)) return { kind: 'ko', message: readText(body['message']) };
  if (httpStatus >= 400) return errorOf(body, httpStatus);
  const fault = gatewayFault(body);
  if (fault !== null) return fault;
  return ['leadId', 'idLanding', 'message'].some((name) => name in body) ? incomplete : { kind: 'unrecognised' };
}

/**
 * The API's error shape. The specification calls `message` the place of the error message and shows no error body: we
 * assume that an object with a text `message` and a 4xx is the API refusing the request. Two strangers look alike and
 * are not recognised: a web framework that knows no such route (404 or 405 with `path`, `error` or `statusCode`), and
 * any 5xx, after which the work may have been done all the same.
 */
function errorOf(body: Body, httpStatus: number): RecognisedBody<never> {
  const fault = gatewayFault(body);
  if (fault !== null) return fault;
  const message = typeof body['message'] === 'string' ? readText(body['message']) : null;
  const unrouted =
    (httpStatus === 404 || httpStatus === 405) && ['path', 'error', 'statusCode'].some((name) => name in body);
  return message === null || unrouted || httpStatus >= 500 ? { kind: 'unrecognised' } : { kind: 'refusal', message };
}

/** An API gateway in front of the API, speaking for itself: `{"fault":{"detail":{"errorcode":"…"}}}`. */
function gatewayFault(body: Body): RecognisedBody<never> | null {
  const fault = body['fault'];
  const detail = isObject(fault) ? fault['detail'] : null;
  const errorcode = isObject(detail) ? readText(detail['errorcode']) : null;
  return errorcode === null ? null : { kind: 'gateway', errorcode };
}

function isKo(body: Body): boolean {
  return readText(body['status'])?.toUpperCase() === 'KO';
}

/** So that `12.345.678-z` and `12345678Z`, `01234567L` and `1234567L` are the same NIF. */
function foldNif(nif: string): string {
  return nif
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replace(/^0+/, '');
}

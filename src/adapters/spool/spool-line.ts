import type { Evidence } from '../../domain/call-outcome.ts';
import { isFaultCode } from '../../domain/faults.ts';
import type { FoundRequest, SpooledAnswer, SpooledRequest } from '../../app/ports/spool.ts';

/**
 * A spool is read by whatever version comes after the crash, so its lines say in words what they are:
 *
 *   {"spool":1,"ledger":"…","instance":"…"}
 *   {"at":"…","sent":"<attempt>","row":"17","fence":2,"step":"create","partner":"acme","identity":"…","content":"…"}
 *   {"at":"…","answered":"<attempt>","outcome":"answered","evidence":"response_complete","httpStatus":200,"code":null,"leadId":"…","idLanding":null}
 */
export interface SpoolHead {
  readonly ledger: string;
  readonly instance: string;
}

export function writeHead({ ledger, instance }: SpoolHead): string {
  return `${JSON.stringify({ spool: 1, ledger, instance })}\n`;
}

export function writeRequest(at: Date, request: SpooledRequest): string {
  const { attemptId, rowId, fence, step, partner, identity, content } = request;
  return `${JSON.stringify({ at, sent: attemptId, row: rowId, fence, step, partner, identity, content })}\n`;
}

export function writeAnswer(at: Date, answer: SpooledAnswer): string {
  const { attemptId, outcome, evidence, httpStatus, code, leadId = null, idLanding } = answer;
  return `${JSON.stringify({ at, answered: attemptId, outcome, evidence, httpStatus, code, leadId, idLanding })}\n`;
}

type SpoolLine =
  | { readonly kind: 'head'; readonly head: SpoolHead }
  | { readonly kind: 'request'; readonly request: Omit<FoundRequest, 'instance'> }
  | { readonly kind: 'answer'; readonly answer: SpooledAnswer };

/** Null for what is no whole line of a spool: one that a crash cut off, or of somebody else. */
export function readSpoolLine(text: string): SpoolLine | null {
  const line = parse(text);
  if (line === null) return null;
  if (line['spool'] === 1)
    return { kind: 'head', head: { ledger: textOf(line, 'ledger'), instance: textOf(line, 'instance') } };
  const at = new Date(textOf(line, 'at'));
  if (Number.isNaN(at.getTime())) return null;
  if (isUuid(line['sent']) && /^\d{1,18}$/.test(textOf(line, 'row'))) {
    return {
      kind: 'request',
      request: {
        at,
        attemptId: line['sent'],
        rowId: textOf(line, 'row'),
        fence: Number(line['fence']),
        step: line['step'] === 'push' ? 'push' : 'create',
        partner: textOf(line, 'partner'),
        identity: isUuid(line['identity']) ? line['identity'] : null,
        content: isUuid(line['content']) ? line['content'] : null,
      },
    };
  }
  return isUuid(line['answered']) ? { kind: 'answer', answer: readAnswer(line, line['answered']) } : null;
}

function readAnswer(line: Fields, attemptId: string): SpooledAnswer {
  const { code, leadId, httpStatus } = line;
  return {
    attemptId,
    outcome: textOf(line, 'outcome'),
    evidence: textOf(line, 'evidence') as Evidence,
    httpStatus: typeof httpStatus === 'number' ? httpStatus : null,
    code: typeof code === 'string' && isFaultCode(code) ? code : null,
    ...(typeof leadId === 'string' ? { leadId } : {}),
    idLanding: typeof line['idLanding'] === 'string' ? line['idLanding'] : null,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function textOf(line: Fields, name: string): string {
  const value = line[name];
  return typeof value === 'string' ? value : '';
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

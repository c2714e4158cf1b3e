import type { Call, CallResult, LeadsApi } from '../../app/ports/leads-api.ts';
import type { JsonObject, LeadsContract } from '../../contract/leads-contract.ts';
import type {
  CallEnd,
  Endpoint,
  KnownStatuses,
  KoMessages,
  LeadAnswer,
  RecognisedBody,
  UpdateAnswer,
} from '../../domain/call-outcome.ts';
import { classifyCall } from '../../domain/classify-call.ts';
import type { PhoneFormat } from '../../domain/phone.ts';
import { scrub } from '../../domain/scrub.ts';
import { createAuthenticator } from './authentication.ts';
import type { Authentication } from './authentication.ts';
import { buildRequest } from './build-request.ts';
import type { BodyFormat, EndpointAddress } from './build-request.ts';
import { foresee } from './foreseen-message.ts';
import { createRequestFields } from './request-fields.ts';
import { createTransport } from './transport.ts';

export interface LeadsApiOptions {
  /** A path in it comes before every endpoint's own. */
  readonly url: string;
  readonly contract: LeadsContract;
  readonly endpoints: Readonly<Record<Endpoint, EndpointAddress>>;
  readonly auth: Authentication;
  /** Sent with every call. The credentials and the headers named in `createLeadsApi` win over them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyFormat;
  /** Defaults to national. */
  readonly phoneFormat?: PhoneFormat;
  /** One deadline per call, a token that has to be fetched included. */
  readonly timeoutMs: number;
  readonly connections: number;
  readonly userAgent: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The HTTP proxy to go through. Defaults to none. */
  readonly proxy?: string | null;
  /** What this deployment means by its messages. Defaults to nothing. */
  readonly ko?: KoMessages;
  /** What this deployment means by statuses that leave a create in doubt. Defaults to nothing. */
  readonly statuses?: KnownStatuses;
  /** This deployment carries out one Idempotency-Key once. Defaults to false. */
  readonly honoursIdempotencyKey?: boolean;
  /** An answer that our own sandbox marked is no answer: for production. Defaults to false. */
  readonly refuseSandbox?: boolean;
}

const noMessages: KoMessages = { final: [], retry: [] };

/**
 * The Leads API over HTTP/1.1. Every call carries `X-Request-Id` (the attempt), `Idempotency-Key` (the row) and our
 * `User-Agent`. A call is handed to the network at most once: limits and retries are the callers'.
 */
export function createLeadsApi(options: LeadsApiOptions): LeadsApi {
  const { contract, timeoutMs } = options;
  const { fromAnswer } = contract;
  const fieldsOf = createRequestFields(options);
  const transport = createTransport(options);
  const authenticator = createAuthenticator(options.auth, options);
  const basePath = new URL(options.url).pathname;
  const configured = lowerCased(options.headers);

  async function send<A>(
    endpoint: Endpoint,
    fields: JsonObject,
    call: Call,
    recognise: (body: unknown, httpStatus: number) => RecognisedBody<A>,
  ): Promise<CallEnd<A>> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = call.signal === undefined ? deadline : AbortSignal.any([deadline, call.signal]);
    const credentials = await authenticator.credentials(signal);
    if (credentials.kind === 'failed') return withoutCredentials(endpoint, credentials, call);

    const { method, path, body, contentType } = buildRequest(
      basePath,
      options.endpoints[endpoint],
      fields,
      options.body,
    );
    const headers = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...configured,
      ...(contentType === null ? {} : { 'content-type': contentType }),
      'user-agent': options.userAgent,
      'x-request-id': call.attemptId,
      'idempotency-key': call.idempotencyKey,
      ...credentials.headers,
    };
    const {
      body: answer,
      fromSandbox,
      ...end
    } = await transport.send({
      method,
      path,
      headers,
      body,
      signal,
      maySend: call.maySend,
    });
    if (end.httpStatus === 401 && end.evidence !== 'never_written') credentials.drop();
    const recognised =
      end.httpStatus === null || end.evidence === 'never_written'
        ? ({ kind: 'unrecognised' } as const)
        : foresee(recognise(answer, end.httpStatus), answer, options.ko ?? noMessages);
    // Shutdown that reaches a request before the network does is our doing, not a failure to reach the API.
    const withheld = end.withheld || (end.evidence === 'never_written' && call.signal?.aborted === true);
    return {
      ...end,
      endpoint,
      withheld,
      body: recognised,
      ...knownStatus(end.httpStatus, options.statuses),
      sandbox: fromSandbox && options.refuseSandbox === true,
      keyHonoured: options.honoursIdempotencyKey === true,
    };
  }

  return {
    async checkClient(nif, call) {
      const end = await send('clientData', fieldsOf.clientData(nif), call, (body, httpStatus) =>
        fromAnswer.clientData(body, { httpStatus, nif }),
      );
      return resultOf(end);
    },
    async createLead(lead, call) {
      const end = await send('altaLead', fieldsOf.altaLead(lead), call, (body, httpStatus) =>
        withScrubbedMessage<LeadAnswer>(fromAnswer.altaLead(body, { httpStatus })),
      );
      return resultOf(end);
    },
    async updateLead(update, call) {
      const end = await send('updateLead', fieldsOf.updateLead(update), call, (body, httpStatus) =>
        withScrubbedMessage<UpdateAnswer>(fromAnswer.updateLead(body, { httpStatus, leadId: update.leadId })),
      );
      return resultOf(end);
    },
    async close() {
      await Promise.all([transport.close(), authenticator.close()]);
    },
  };
}

function knownStatus(
  httpStatus: number | null,
  statuses: KnownStatuses = { final: [], retry: [] },
): { readonly knownStatus?: keyof KnownStatuses } {
  const verdict = (['final', 'retry'] as const).find((one) => statuses[one].some((status) => status === httpStatus));
  return verdict === undefined ? {} : { knownStatus: verdict };
}

function resultOf<A>(end: CallEnd<A>): CallResult<A> {
  // Without a request, the status in `end` is the token endpoint's or the proxy's and not this call's.
  const httpStatus = end.evidence === 'never_written' ? null : end.httpStatus;
  return { outcome: classifyCall(end), evidence: end.evidence, httpStatus };
}

function withoutCredentials(
  endpoint: Endpoint,
  failure: { readonly httpStatus: number | null; readonly certificate: boolean },
  call: Call,
): CallEnd<never> {
  return {
    endpoint,
    evidence: 'never_written',
    httpStatus: failure.httpStatus,
    retryAfterMs: null,
    body: { kind: 'unrecognised' },
    certificate: failure.certificate,
    withheld: call.signal?.aborted === true,
  };
}

function withScrubbedMessage<A extends { readonly message: string | null }>(
  body: RecognisedBody<A>,
): RecognisedBody<A> {
  return body.kind === 'answer'
    ? { kind: 'answer', answer: { ...body.answer, message: scrub(body.answer.message) } }
    : body;
}

/** Header names are compared in any case; one spelling of them keeps a configured one from being sent twice. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

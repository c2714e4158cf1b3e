import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
import type { WebhookMessage, Webhooks } from '../../app/ports/webhooks.ts';
import type { DeliveryCode, DeliveryOutcome } from '../../domain/delivery.ts';
import { createAddressGuard } from './private-address.ts';
import { keyOfSecret, signedHeaders } from './sign.ts';

export interface WebhookSender extends Webhooks {
  close(): Promise<void>;
}

export interface WebhookOptions {
  /** Networks that foreign addresses may lie in though they are private. */
  readonly allowedNetworks: readonly string[];
  readonly userAgent: string;
  /** One deadline, to the end of the answer. */
  readonly timeoutMs: number;
}

class AddressRefused extends Error {}

/** Nobody reads what a receiver answers. */
const maxAnswerBytes = 64 * 1024;

export function createWebhookSender({ allowedNetworks, userAgent, timeoutMs }: WebhookOptions): WebhookSender {
  const mayReach = createAddressGuard(allowedNetworks);
  const limits = {
    allowH2: false,
    pipelining: 1,
    connections: 4,
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 2_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxAnswerBytes,
  };
  // Whether certificates are checked is no setting of the process's.
  const connect = { timeout: Math.min(5_000, timeoutMs), rejectUnauthorized: true };
  // The address that was looked at is the one that is connected to: a name may mean another one a moment later.
  const guarded = new Agent({ ...limits, connect: { ...connect, lookup: guardedLookup(mayReach) } });
  const free = new Agent({ ...limits, connect });

  return {
    async send({ url, id, body, secrets, isForeign }: WebhookMessage) {
      const { origin, pathname, search, hostname, protocol } = new URL(url);
      const host = hostname.replaceAll(/^\[|\]$/g, '');
      const isAllowed = !isForeign || isIP(host) === 0 || mayReach(host);
      if (!isAllowed || (protocol !== 'https:' && !isLoopback(host))) return failed('DELIVERY_ADDRESS_REFUSED');
      const keys = secrets.map(keyOfSecret).filter((key) => key !== null);
      const timestamp = Math.floor(Date.now() / 1_000);
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': userAgent,
        ...(keys.length === 0 ? {} : signedHeaders({ id, timestamp, body }, keys)),
      };
      try {
        const answer = await (isForeign ? guarded : free).request({
          origin,
          path: `${pathname}${search}`,
          method: 'POST',
          headers,
          body,
          signal: AbortSignal.timeout(timeoutMs),
        });
        await answer.body.dump({ limit: maxAnswerBytes }).catch(() => undefined);
        return judge(answer.statusCode, answer.headers['retry-after']);
      } catch (error) {
        return failed(codeOf(error));
      }
    },
    async close() {
      await Promise.all([guarded.close(), free.close()]);
    },
  };
}

function judge(status: number, retryAfter: string | string[] | undefined): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', httpStatus: status };
  return failed(codeOfStatus(status), status, typeof retryAfter === 'string' ? readRetryAfter(retryAfter) : null);
}

/** Seconds, or an HTTP date, which begins with the name of a day. */
function readRetryAfter(value: string): number | null {
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1_000;
  const at = /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function codeOfStatus(status: number): DeliveryCode {
  if (status >= 300 && status < 400) return 'DELIVERY_REDIRECTED';
  if (status === 410) return 'DELIVERY_GONE';
  return status === 429 || status >= 500 ? 'DELIVERY_RECEIVER_FAILED' : 'DELIVERY_REFUSED';
}

function failed(
  code: DeliveryCode,
  httpStatus: number | null = null,
  retryAfterMs: number | null = null,
): DeliveryOutcome {
  return { kind: 'failed', code, httpStatus, retryAfterMs };
}

function codeOf(error: unknown): DeliveryCode {
  if (!(error instanceof Error)) return 'DELIVERY_UNREACHABLE';
  if (error instanceof AddressRefused) return 'DELIVERY_ADDRESS_REFUSED';
  const code = 'code' in error ? String(error.code) : '';
  if (/CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET|HOSTNAME_MISMATCH|ERR_TLS|EPROTO/.test(code)) return 'DELIVERY_CERTIFICATE';
  return error.cause === undefined ? 'DELIVERY_UNREACHABLE' : codeOf(error.cause);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** All addresses of a name have to be allowed: of one that has both, which is taken is chance. */
function guardedLookup(mayReach: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, []);
      if (!addresses.every(({ address }) => mayReach(address)))
        return callback(new AddressRefused('private address'), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { ConfigFault } from '../../domain/config-fault.ts';

const answerWithinMs = 5_000;

/**
 * Resolves once Redis takes commands. Else throws a ConfigFault of one line after 5 s, and gives the connection up: a
 * refusal in between may be a server that is starting.
 */
export async function untilRedisAnswers(redis: Redis, url: string): Promise<void> {
  let reason = 'no answer within 5 s';
  redis.on('error', (error) => (reason = reasonOf(error)));
  if (redis.status === 'ready') return;
  const limit = new AbortController();
  const late = pause(answerWithinMs, 'late', { signal: limit.signal }).catch(() => 'late');
  const ready = new Promise((resolve) => redis.once('ready', resolve));
  const winner = await Promise.race([ready, late]);
  limit.abort();
  if (winner !== 'late') return;
  redis.disconnect();
  throw unreachable(url, reason);
}

function unreachable(url: string, reason: string): ConfigFault {
  const { hostname, port } = new URL(url);
  if (isDistrust(reason)) {
    return new ConfigFault(
      'CONFIG_TLS_UNTRUSTED',
      `REDIS_URL: expected a certificate that is trusted (REDIS_TLS_CA) and names ${hostname}, found ${reason}`,
    );
  }
  return new ConfigFault(
    'CONFIG_REDIS_UNREACHABLE',
    `REDIS_URL: expected a Redis that answers at ${hostname}:${port || '6379'}, found ${reason}. Way out: mend it, or unset it to use a private redis-server or PostgreSQL`,
  );
}

/** The code of a certificate that is not trusted, or of a server that speaks no TLS. */
function isDistrust(reason: string): boolean {
  return /CERT|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH/.test(reason);
}

/** ECONNREFUSED, WRONGPASS, NOAUTH …: the code or Redis's own first word, since the rest may repeat what was sent. */
function reasonOf(error: Error & { readonly code?: string }): string {
  return error.code ?? /^[A-Z]{2,}/.exec(error.message)?.[0] ?? error.name;
}

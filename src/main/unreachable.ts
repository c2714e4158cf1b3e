import { ConfigFault } from '../domain/config-fault.ts';

/** A database that can't be reached is a setting to mend, not a stack trace. Null for every other error. */
export function unreachable(error: unknown, variable: 'DATABASE_URL' | 'DATABASE_ADMIN_URL'): ConfigFault | null {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    if (isDistrust(cause, code)) {
      return new ConfigFault(
        'CONFIG_TLS_UNTRUSTED',
        `${variable}: expected a certificate that is trusted (sslrootcert) and names the host, found ${code || 'a server without TLS'}`,
        { cause: error },
      );
    }
    if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|28P01|28000|3D000|08\w{3}|57P0[1-5])$/.test(code)) {
      const wayOut = variable === 'DATABASE_URL' ? ', or unset it to use the embedded database' : '';
      return new ConfigFault(
        'CONFIG_DATABASE_UNREACHABLE',
        `${variable}: expected a PostgreSQL that answers, found ${code}; mend it${wayOut}`,
        { cause: error },
      );
    }
  }
  return null;
}

/** Node's and OpenSSL's codes; pg has none for a server that answers a wish for TLS with no. */
function isDistrust({ message }: Error, code: string): boolean {
  return (
    /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|HOSTNAME_MISMATCH|ERR_SSL_)/.test(code) ||
    message === 'The server does not support SSL connections'
  );
}

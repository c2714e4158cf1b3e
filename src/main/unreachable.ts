import { ConfigFault } from '../domain/config-fault.ts';

/** A database that can't be reached is a setting to mend, not a stack trace. Null for every other error. */
export function unreachable(error: unknown, variable: 'DATABASE_URL' | 'DATABASE_ADMIN_URL'): ConfigFault | null {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
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

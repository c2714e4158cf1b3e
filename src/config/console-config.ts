import { join } from 'node:path';
import { isLoopback } from './api-config.ts';
import type { Config } from './config.ts';
import { readKeyPair } from './pem-files.ts';
import type { SettingFaults } from './setting-faults.ts';
import type { VariableValues } from './variable-values.ts';

/** Puts the CONSOLE_* variables together. Other machines reach the console only behind a login. */
export function buildConsoleConfig(home: string, values: VariableValues, faults: SettingFaults): Config['console'] {
  const { CONSOLE_HOST: host, CONSOLE_USERS: users } = values;
  const { cert, key } = readKeyPair({ cert: 'CONSOLE_TLS_CERT', key: 'CONSOLE_TLS_KEY' }, values, faults);
  if (users.length === 0 && !isLoopback(host))
    faults.add('CONSOLE_USERS', `users with CONSOLE_HOST=${host}`, 'nothing');
  // A proxy in front lets other machines in as well.
  else if (users.length === 0 && values.CONSOLE_URL !== undefined)
    faults.add('CONSOLE_USERS', 'users with CONSOLE_URL', 'nothing');
  return {
    host,
    port: values.CONSOLE_PORT,
    url: values.CONSOLE_URL ?? null,
    tls: cert === undefined || key === undefined ? null : { cert, key },
    users,
    machines: values.CONSOLE_MACHINES ?? join(home, 'console-machines.json'),
  };
}

/** Null, or what is said at start where passwords would travel in clear. */
export function warnOfClearPasswords(values: VariableValues): string | null {
  const isClear = values.CONSOLE_TLS_CERT === undefined && !(values.CONSOLE_URL ?? '').startsWith('https:');
  if (isLoopback(values.CONSOLE_HOST) || !isClear) return null;
  return `CONSOLE_HOST=${values.CONSOLE_HOST} without CONSOLE_TLS_CERT: passwords travel in clear, unless a proxy speaks https (CONSOLE_URL).`;
}

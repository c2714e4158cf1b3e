import { join } from 'node:path';
import { buildApiConfig } from './api-config.ts';
import type { Config } from './config.ts';
import { buildConsoleConfig, warnOfClearPasswords } from './console-config.ts';
import { deepFreeze } from './deep-freeze.ts';
import { buildStores } from './store-config.ts';
import { buildSummaryConfig } from './summary-config.ts';
import { createSettingFaults, type SettingFaults, shown } from './setting-faults.ts';
import {
  parseVariables,
  readEnvFile,
  type Source,
  unknownNames,
  type VariableValues,
  versionOf,
} from './variable-values.ts';
import type { VariableName } from './variables.ts';
import { variableSchemas } from './variable-schemas.ts';

export interface EnvironmentOptions {
  /** The folder of package.json. The default home lies in it, whatever the current folder is. */
  readonly checkout: string;
  /** Go before everything else: what a command line says. An empty text means not set. Defaults to none. */
  readonly overrides?: Readonly<Partial<Record<VariableName, string>>>;
  /** For who migrates the schema and has no business with the keys of what is in it. Defaults to false. */
  readonly withoutKeys?: boolean;
}

/** The config of this process: the only place that looks at process.env. See `readEnvironment`. */
export function readProcessEnvironment(options: EnvironmentOptions): Config {
  return readEnvironment(process.env, options);
}

/**
 * Reads overrides, then `env`, then the env file in the home. Throws one ConfigFault CONFIG_INVALID with a line for every
 * fault. Makes nothing: no folder, no key.
 */
export function readEnvironment(env: Source, options: EnvironmentOptions): Config {
  const faults = createSettingFaults();
  const overrides: Source = options.overrides ?? {};
  const home = homeOf([overrides, env], options.checkout, faults);
  const sources = [overrides, env, home === null ? {} : readEnvFile(home, faults)];
  const values = parseVariables(sources, faults);
  checkSurroundings(env, values, faults);
  if (options.withoutKeys !== true) checkKeys(values, faults);
  const config = build(home ?? '', values, env, faults);
  faults.throwIfAny();
  return deepFreeze(config);
}

function homeOf(sources: readonly Source[], checkout: string, faults: SettingFaults): string | null {
  const text = sources.find((source) => source['LEADSYNC_HOME'] !== undefined)?.['LEADSYNC_HOME'];
  if (!text) return join(checkout, 'data');
  const schema = variableSchemas.LEADSYNC_HOME;
  if (schema.safeParse(text).success) return text;
  faults.add('LEADSYNC_HOME', schema.description ?? '', shown(text, false));
  return null;
}

function build(home: string, values: VariableValues, env: Source, faults: SettingFaults): Config {
  const concurrency = values.LEADS_API_CONCURRENCY;
  const stores = buildStores(values, env, faults);
  return {
    home,
    folders: {
      partners: values.LEADSYNC_PARTNERS ?? join(home, 'partners'),
      inbox: values.LEADSYNC_INBOX ?? join(home, 'inbox'),
      outbox: values.LEADSYNC_OUTBOX ?? join(home, 'outbox'),
      archive: values.LEADSYNC_ARCHIVE ?? join(home, 'archive'),
      rejected: values.LEADSYNC_REJECTED ?? join(home, 'rejected'),
      spool: values.LEADSYNC_SPOOL ?? join(home, 'spool'),
      checkpoints: values.LEADSYNC_CHECKPOINTS ?? join(home, 'checkpoints'),
    },
    timeZone: values.LEADSYNC_TIME_ZONE,
    secretKey: values.LEADSYNC_SECRET_KEY ?? null,
    oldSecretKey: values.LEADSYNC_SECRET_KEY_OLD ?? null,
    auditKey: values.LEADSYNC_AUDIT_KEY ?? null,
    ...stores.config,
    environment: values.LEADS_API_ENVIRONMENT ?? null,
    api: buildApiConfig(values, faults),
    rowsConcurrency: values.LEADSYNC_ROWS_CONCURRENCY ?? Math.ceil(concurrency * 1.5),
    updatePatienceMs: values.LEADSYNC_UPDATE_PATIENCE_MS,
    timeScale: values.LEADSYNC_TIME_SCALE,
    searchPath: env['PATH'],
    arrivalAgeMs: values.LEADSYNC_ARRIVAL_AGE_MS,
    quietPeriodMs: values.LEADSYNC_QUIET_PERIOD_MS,
    deadlineMs: values.LEADSYNC_DEADLINE_MS,
    console: buildConsoleConfig(home, values, faults),
    summary: buildSummaryConfig(values, faults),
    webhookNetworks: values.LEADSYNC_WEBHOOK_NETWORKS ?? [],
    traces:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : {
            endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
            headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {},
            serviceName: values.OTEL_SERVICE_NAME,
            share: values.OTEL_TRACES_SAMPLER_ARG,
          },
    logLevel: values.LOG_LEVEL,
    version: versionOf(values),
    warnings: [...warningsOf(values, env), ...stores.warnings],
  };
}

function checkSurroundings(env: Source, values: VariableValues, faults: SettingFaults): void {
  const isProduction = values.LEADS_API_ENVIRONMENT === 'production';
  if (isProduction && values.DATABASE_URL === undefined) {
    faults.add('DATABASE_URL', 'a PostgreSQL of your own in production', 'nothing');
  }
  // Without it the embedded database would be migrated, and somebody's own left as it is.
  if (values.DATABASE_ADMIN_URL !== undefined && values.DATABASE_URL === undefined) {
    faults.add('DATABASE_URL', 'the same database for the role of the service, with DATABASE_ADMIN_URL', 'nothing');
  }
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    const expected = 'it not to switch off the check of certificates (see LEADS_API_TLS_CA)';
    faults.add('NODE_TLS_REJECT_UNAUTHORIZED', expected, '"0"', 'CONFIG_TLS_OFF');
  }
}

/** Made by itself, each host would have its own, and a lost home would make every known lead a new one. */
function checkKeys(values: VariableValues, faults: SettingFaults): void {
  const isProduction = values.LEADS_API_ENVIRONMENT === 'production';
  if ((isProduction || values.DATABASE_URL !== undefined) && values.LEADSYNC_SECRET_KEY === undefined) {
    faults.add('LEADSYNC_SECRET_KEY', '32 bytes in base64 with DATABASE_URL (openssl rand -base64 32)', 'nothing');
  }
}

function warningsOf(values: VariableValues, env: Source): readonly string[] {
  // No faults: container platforms add names of their own, such as LEADSYNC_SERVICE_HOST, for a service of that name.
  const warnings = unknownNames(env).map((name) => `${name} is no variable of leadsync and has no effect.`);
  const { method, path } = values.LEADS_API_CLIENT_DATA;
  if (values.LEADS_API_URL !== undefined && (method === 'GET' || path.includes('{nif}'))) {
    warnings.push('LEADS_API_CLIENT_DATA puts the NIF into a URL, where proxies and servers log it.');
  }
  if (values.LEADSYNC_DEADLINE_MS < values.LEADS_API_TIMEOUT_MS) {
    warnings.push('LEADSYNC_DEADLINE_MS is shorter than LEADS_API_TIMEOUT_MS: a shutdown may leave rows in doubt.');
  }
  const clear = warnOfClearPasswords(values);
  if (clear !== null) warnings.push(clear);
  return warnings;
}

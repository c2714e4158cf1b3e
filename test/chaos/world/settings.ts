import type { Settings } from '../../../src/app/ports.ts';

/**
 * Everybody's patience, scaled down together: budget < deadline < sweeper < quiet period, as in production. The sweeper's
 * is 5 s from these, and a worker is paused for longer than that.
 */
export const patience = {
  timeoutMs: 2_000,
  sendBudgetMs: 1_000,
  quietPeriodMs: 6_000,
  deadlineMs: 5_000,
  timeScale: 0.01,
} as const;

export function workerEnvironment(options: {
  readonly home: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly apiUrl: string;
}): Readonly<Record<string, string>> {
  return {
    LEADSYNC_HOME: options.home,
    LEADSYNC_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    DATABASE_URL: options.databaseUrl,
    ...(options.redisUrl === null ? { LEADSYNC_QUEUE_BACKEND: 'postgres' } : { REDIS_URL: options.redisUrl }),
    LEADS_API_URL: options.apiUrl,
    LEADS_API_ENVIRONMENT: 'test',
    LEADS_API_RATE_PER_SECOND: '0',
    LEADS_API_CONCURRENCY: '16',
    LEADS_API_TIMEOUT_MS: String(patience.timeoutMs),
    LEADS_API_SEND_BUDGET_MS: String(patience.sendBudgetMs),
    LEADSYNC_QUIET_PERIOD_MS: String(patience.quietPeriodMs),
    LEADSYNC_DEADLINE_MS: String(patience.deadlineMs),
    LEADSYNC_ARRIVAL_AGE_MS: '200',
    LEADSYNC_TIME_SCALE: String(patience.timeScale),
    LOG_LEVEL: 'trace',
  };
}

/** What an operator's command works by. */
export const operatorSettings: Settings = {
  environment: 'test',
  ledgerId: '',
  sendBudgetMs: patience.sendBudgetMs,
  callDeadlineMs: patience.timeoutMs,
  quietPeriodMs: patience.quietPeriodMs,
  checkValidForMs: 3_600_000,
  timeZone: 'Europe/Madrid',
  updatePatienceMs: 86_400_000,
  timeScale: patience.timeScale,
  ratePerSecond: 0,
  window: 500,
  fieldRules: [],
};

import { join } from 'node:path';

/** The demo's own home and pace: nothing of a real installation is read or touched. */
export function demoEnvironment(
  given: Readonly<Record<string, string | undefined>>,
  checkout: string,
  apiUrl: string,
): Record<string, string | undefined> {
  return {
    PATH: given['PATH'],
    LEADSYNC_HOME: demoHome(given, checkout),
    LEADSYNC_QUEUE_BACKEND: given['LEADSYNC_QUEUE_BACKEND'],
    LEADS_API_URL: apiUrl,
    LEADS_API_ENVIRONMENT: 'sandbox',
    LEADS_API_RATE_PER_SECOND: '0',
    LEADS_API_CONCURRENCY: '4',
    // Minutes of back-off become a second, so that a demo shows in one minute what a night would.
    LEADSYNC_TIME_SCALE: '0.004',
    LEADS_API_TIMEOUT_MS: '3000',
    LEADS_API_SEND_BUDGET_MS: '1000',
    // Everything happens on this machine: what was on its way is gone after three seconds.
    LEADSYNC_QUIET_PERIOD_MS: '3000',
    LEADSYNC_ARRIVAL_AGE_MS: '1000',
    LOG_LEVEL: given['LOG_LEVEL'] ?? 'silent',
  };
}

export function demoHome(given: Readonly<Record<string, string | undefined>>, checkout: string): string {
  return join(given['LEADSYNC_HOME'] ?? join(checkout, 'data'), 'demo');
}

import { join } from 'node:path';
import type { Config } from '../../config/config.ts';

/** The demo's own home and pace. Of the configured surroundings only the home, the PATH and the queue's backend count. */
export function demoEnvironment(base: Config, apiUrl: string): Record<string, string | undefined> {
  return {
    PATH: base.searchPath,
    LEADSYNC_HOME: join(base.home, 'demo'),
    LEADSYNC_QUEUE_BACKEND: base.queue.backend === 'postgres' ? 'postgres' : 'auto',
    LEADS_API_URL: apiUrl,
    LEADS_API_ENVIRONMENT: 'sandbox',
    LEADS_API_RATE_PER_SECOND: '0',
    // Minutes of back-off become a second: a demo shows in one minute what takes a night.
    LEADSYNC_TIME_SCALE: '0.004',
    LEADS_API_TIMEOUT_MS: '3000',
    LEADS_API_SEND_BUDGET_MS: '1000',
    // Everything happens on this machine: what was on its way is gone after three seconds.
    LEADSYNC_QUIET_PERIOD_MS: '3000',
    LEADSYNC_ARRIVAL_AGE_MS: '1000',
    LEADSYNC_UPDATE_PATIENCE_MS: '5000',
    LOG_LEVEL: 'silent',
  };
}

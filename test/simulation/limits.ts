import type { Settings } from '../../src/app/ports.ts';

/** Real proportions, smaller: a simulated night has to fit into milliseconds. */
export const settings: Settings = {
  environment: 'test',
  ledgerId: '00000000-0000-4000-8000-000000000000',
  sendBudgetMs: 1_000,
  callDeadlineMs: 5_000,
  quietPeriodMs: 60_000,
  checkValidForMs: 120_000,
  timeZone: 'Europe/Madrid',
  updatePatienceMs: 600_000,
  ratePerSecond: 10,
  timeScale: 0.02,
  window: 50,
  fieldRules: [],
};

/** A request that has left arrives within this or never. The quiet period is chosen to be longer. */
export const longestJourneyMs = settings.quietPeriodMs - settings.sendBudgetMs - 1_000;

import type { Mutant } from './mutant.ts';
import { withoutCountOfDeliveries } from './without-count-of-deliveries.ts';
import { withoutDoubtOfLostCreates } from './without-doubt-of-lost-creates.ts';
import { withoutDoubtOfOrphans } from './without-doubt-of-orphans.ts';
import { withoutFeeder } from './without-feeder.ts';
import { withoutFence } from './without-fence.ts';
import { withoutHolderGuard } from './without-holder-guard.ts';
import { withoutHttp1Only } from './without-http1-only.ts';
import { withoutIdentityIndex } from './without-identity-index.ts';
import { withoutIntent } from './without-intent.ts';
import { withoutLedgerCheck } from './without-ledger-check.ts';
import { withoutLockOrder } from './without-lock-order.ts';
import { withoutLookAtStart } from './without-look-at-start.ts';
import { withoutMemoryOfAnnouncements } from './without-memory-of-announcements.ts';
import { withoutMemoryOfTheHost } from './without-memory-of-the-host.ts';
import { withoutRemovalOfKeptJobs } from './without-removal-of-kept-jobs.ts';
import { withoutRequestNotedFirst } from './without-request-noted-first.ts';
import { withoutRollCall } from './without-roll-call.ts';
import { withoutSecondLook } from './without-second-look.ts';
import { withoutSendBudget } from './without-send-budget.ts';
import { withoutSentFirst } from './without-sent-first.ts';
import { withoutStableKey } from './without-stable-key.ts';
import { withoutTurnAtIntent } from './without-turn-at-intent.ts';

/** Every safeguard, each taken away in turn. */
export const mutants: readonly Mutant[] = [
  withoutIntent,
  withoutFence,
  withoutSendBudget,
  withoutHolderGuard,
  withoutDoubtOfOrphans,
  withoutLedgerCheck,
  withoutFeeder,
  withoutIdentityIndex,
  withoutLockOrder,
  withoutHttp1Only,
  withoutStableKey,
  withoutRemovalOfKeptJobs,
  withoutSecondLook,
  withoutCountOfDeliveries,
  withoutRequestNotedFirst,
  withoutMemoryOfAnnouncements,
  withoutMemoryOfTheHost,
  withoutRollCall,
  withoutLookAtStart,
  withoutDoubtOfLostCreates,
  withoutSentFirst,
  withoutTurnAtIntent,
];

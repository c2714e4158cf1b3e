import {
  judgeDue,
  keyOf,
  latestDue,
  duesWithin,
  type Due,
  type Expectation,
  type JudgedDue,
} from '../domain/expectation.ts';
import { nightUpTo } from '../domain/night.ts';
import type { Partner } from '../domain/partner.ts';
import type { Ports } from './ports.ts';
import type { NightLedger, NightWatch } from './ports/night-ledger.ts';

export type ExpectedPorts = Pick<Ports, 'partners'> & {
  readonly nights: Pick<NightLedger, 'arrivalsSince' | 'watch'>;
};

export interface PartnerDue extends JudgedDue {
  readonly partner: string;
  /** In which its hour lies. */
  readonly night: string;
}

/**
 * What was expected last, of each expectation of each partner: missing, late or too many files stand until the next hour
 * of the same expectation has come.
 */
export async function readStanding(ports: ExpectedPorts): Promise<readonly PartnerDue[]> {
  const watch = await ports.nights.watch();
  return judged(ports, watch, (expectation, partner) => {
    const due = latestDue(expectation, partner, watch.now);
    return due === null ? [] : [due];
  });
}

/** What was or is expected in a span of time. */
export async function readExpected(
  ports: ExpectedPorts,
  spanOf: (partner: Partner) => { readonly from: Date; readonly to: Date },
): Promise<readonly PartnerDue[]> {
  const watch = await ports.nights.watch();
  return judged(ports, watch, (expectation, partner) => duesWithin(expectation, partner, spanOf(partner)));
}

async function judged(
  { nights, partners }: ExpectedPorts,
  { now, partners: watched }: NightWatch,
  duesOf: (expectation: Expectation, partner: Partner) => readonly Due[],
): Promise<readonly PartnerDue[]> {
  const dues = partners.list().flatMap((partner) =>
    partner.expect.flatMap((expectation) => {
      // Before it stood in the config nobody expected it.
      const since = watched.get(partner.id)?.expects.get(keyOf(expectation));
      return duesOf(expectation, partner)
        .filter(({ by }) => by > now || (since !== undefined && by > since))
        .map((due) => ({ partner: partner.id, night: nightUpTo(due.by, partner.timeZone), due }));
    }),
  );
  if (dues.length === 0) return [];
  const first = new Date(Math.min(...dues.map(({ due }) => due.from.getTime())));
  const files = await nights.arrivalsSince(first);
  return dues.map(({ partner, night, due }) => ({ partner, night, ...judgeDue(due, partner, files, now) }));
}

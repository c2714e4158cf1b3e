import type { Delivery, Target, TargetTrouble } from '../app/ports/delivery-ledger.ts';
import { faults } from '../domain/faults.ts';

const urgentAfterMs = 3_600_000;

const names = { file: 'summaries', webhook: 'webhooks', email: 'e-mails' } as const;

/** `webhook of acme`, `e-mail of the night's summary`. */
export function sayTarget({ channel, recipient }: Target): string {
  return recipient === null ? `${names[channel]} to those who run leadsync` : `${names[channel]} to ${recipient}`;
}

/** What a receiver that can't be told needs, and what was given up at one that can. */
export function ofTargetTrouble(trouble: TargetTrouble, now: Date) {
  const { channel, recipient, failingSince, stoppedAt, givenUp } = trouble;
  return [
    ...(failingSince === null && stoppedAt === null ? [] : [ofFailing(trouble, now)]),
    ...(givenUp === 0
      ? []
      : [
          {
            alarm: `delivery-given-up:${channel}:${recipient ?? 'ops'}`,
            level: givenUp,
            what: `${givenUp} of the ${sayTarget(trouble)} ${givenUp === 1 ? 'was' : 'were'} given up`,
            then: 'Once the receiver is well, send each again by its id.',
            command: `leadsync deliveries --state given_up${recipient === null ? '' : ` --partner ${recipient}`}`,
            isUrgent: true,
            about: { kind: 'deliveries' as const, recipient },
          },
        ]),
  ];
}

function ofFailing(trouble: TargetTrouble, now: Date) {
  const { channel, recipient, failingSince, code, httpStatus, stoppedAt, waiting } = trouble;
  const why = code === null ? '' : `: ${code}${httpStatus === null ? '' : ` (${httpStatus})`}`;
  const isStopped = stoppedAt !== null;
  return {
    alarm: `delivery:${channel}:${recipient ?? 'ops'}`,
    since: failingSince,
    what: isStopped
      ? `${sayTarget(trouble)} are stopped, ${waiting} ${waiting === 1 ? 'waits' : 'wait'}${why}`
      : `${sayTarget(trouble)} do not arrive, ${waiting} ${waiting === 1 ? 'waits' : 'wait'}${why}`,
    then: isStopped
      ? 'Mend it with who runs the receiver, then let them go on.'
      : code === null
        ? 'Look at it.'
        : faults[code].then,
    command:
      isStopped && recipient !== null
        ? `leadsync deliveries --go-on ${recipient} --reason "…"`
        : `leadsync deliveries${recipient === null ? '' : ` --partner ${recipient}`}`,
    about: { kind: 'deliveries' as const, recipient },
    isUrgent: isStopped || (failingSince !== null && now.getTime() - failingSince.getTime() > urgentAfterMs),
  };
}

/** What became of one, in a few words. */
export function sayDelivery({
  state,
  code,
  httpStatus,
  tries,
}: Pick<Delivery, 'state' | 'code' | 'httpStatus' | 'tries'>): string {
  const why = code === null ? '' : `: ${code}${httpStatus === null ? '' : ` (${httpStatus})`}`;
  switch (state) {
    case 'delivered':
      return 'delivered';
    case 'given_up':
      return `GIVEN UP after ${tries} ${tries === 1 ? 'try' : 'tries'}${why}`;
    case 'pending':
      return tries === 0 ? 'on its way' : `tried ${tries} ${tries === 1 ? 'time' : 'times'}${why}`;
  }
}

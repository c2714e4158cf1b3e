import type { Act } from '../../app/ports/held-files.ts';
import { momentAheadExpected, readMomentAhead } from '../../view/moment-ahead.ts';
import { takeStock } from '../../view/take-stock.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';

/** An alarm as somebody has looked at it. */
export interface SeenAlarm {
  readonly alarm: string;
  readonly level: number;
}

/** What needs a person is known, until a time as typed. */
export async function acknowledgeAlarms(
  ports: ConsolePorts,
  wanted: readonly SeenAlarm[],
  { until, act, timeZone }: { readonly until: string; readonly act: Act; readonly timeZone: string },
): Promise<DeedEnd> {
  const moment = readMomentAhead(until, { now: new Date(ports.clock.wallMs()), timeZone });
  if (moment === null) return notDone('invalid', `Until when? Expected ${momentAheadExpected}.`);
  const { needsPerson } = await takeStock(ports, { limit: 1 });
  const known = wanted.flatMap(({ alarm, level }) => {
    const need = needsPerson.find((one) => one.alarm === alarm);
    // What has come since this person looked is news to them, too.
    return need === undefined ? [] : [{ alarm: need.alarm, level: Math.min(need.level, level) }];
  });
  if (known.length === 0) return notDone('moved_on', 'It is over already: nothing needs a person there any more.');
  for (const alarm of known) await ports.alarms.acknowledge(alarm, moment, act);
  return { kind: 'done' };
}

/** It is news again. */
export async function withdrawAcknowledgement(
  { alarms }: Pick<ConsolePorts, 'alarms'>,
  alarm: string,
  act: Act,
): Promise<DeedEnd> {
  if (await alarms.withdraw(alarm, act)) return { kind: 'done' };
  return notDone('moved_on', 'It is news already: somebody was quicker, or its time is over.');
}

import { needsJson } from '../../../view/needs-json.ts';
import { takeStock } from '../../../view/take-stock.ts';
import type { Console } from '../../console.ts';
import { acknowledgeAlarms, withdrawAcknowledgement } from '../../overview/ack-deeds.ts';
import { acknowledgeBody, withdrawBody } from '../contract/alarm-act.ts';
import { needs } from '../contract/need.ts';
import { defineRoute, type Route } from '../route.ts';
import { ended } from './ended.ts';

/** `POST /api/alarms/…`: what needs a person is known, or is news again. */
export function alarmActs({ ports, settings }: Console): readonly Route[] {
  const { timeZone } = settings.surroundings;
  const of = {
    area: 'overview',
    method: 'POST',
    needs: 'operator',
    answer: needs,
    refusals: ['CONSOLE_MOVED_ON'],
  } as const;
  const now = async () => ({ needsPerson: needsJson((await takeStock(ports, { limit: 1 })).needsPerson) });
  return [
    defineRoute(
      {
        ...of,
        path: '/alarms/acknowledge',
        id: 'acknowledgeAlarms',
        says: 'It is known until a time, and no longer red.',
        body: acknowledgeBody,
      },
      async ({ body: { alarms, until }, act }) =>
        ended(await acknowledgeAlarms(ports, alarms, { until, act, timeZone }), now),
    ),
    defineRoute(
      { ...of, path: '/alarms/withdraw', id: 'withdrawAlarm', says: 'It is news again.', body: withdrawBody },
      async ({ body: { alarm }, act }) => ended(await withdrawAcknowledgement(ports, alarm, act), now),
    ),
  ];
}

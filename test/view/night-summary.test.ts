import { describe, expect, it } from 'vitest';
import type { TargetTrouble } from '../../src/app/ports/delivery-ledger.ts';
import { ofTargetTrouble } from '../../src/view/delivery-needs.ts';
import type { NightSummary } from '../../src/view/night-summary.ts';
import { subjectOf, textOf } from '../../src/view/night-summary.ts';
import { partnerNightText } from '../../src/view/partner-night.ts';

const summary: NightSummary = {
  night: '2026-11-24',
  from: '2026-11-23T11:00:00.000Z',
  to: '2026-11-24T11:00:00.000Z',
  timeZone: 'Europe/Madrid',
  environment: 'production',
  isWell: false,
  partners: [
    {
      partner: 'acme',
      files: [
        { id: '12', kind: 'leads', state: 'settled', code: null, rows: 120 },
        { id: '13', kind: 'updates', state: 'held', code: 'FILE_HEADER_CHANGED', rows: 0 },
        { id: '14', kind: 'leads', state: 'rejected', code: 'FILE_NOT_CSV', rows: 0 },
      ],
      expected: [{ kind: 'updates', files: 1, date: '2026-11-24', by: '06:00', state: 'missing', arrived: 0 }],
      outcomes: { lead: { registered: 118, rejected: 2 } },
    },
  ],
  stoppages: [
    {
      kind: 'outage',
      of: null,
      since: '2026-11-24T01:00:00.000Z',
      until: '2026-11-24T01:30:00.000Z',
      cause: 'unreached',
    },
  ],
  needsPerson: [{ alarm: 'file:13', what: 'file 13 of acme is held', command: 'leadsync status 13' }],
  known: 1,
};

describe('the summary of a night', () => {
  it('says in its subject whether it has to be opened', () => {
    expect(subjectOf(summary)).toBe('leadsync production: night of 2026-11-24: 1 thing needs a person');
    expect(subjectOf({ ...summary, isWell: true, needsPerson: [] })).toBe(
      'leadsync production: night of 2026-11-24: all is well',
    );
  });

  it('says first what needs a person, with the command, then each partner and each stoppage', () => {
    expect(textOf(summary)).toBe(`Night of 2026-11-24 (mon 12:00 to tue 12:00 Europe/Madrid), production

Needs a person
  file 13 of acme is held
    leadsync status 13

Known already: 1 (leadsync ack)

acme: 3 files
  updates by 06:00 on 2026-11-24: MISSING (0 of 1)
  file 13 held: FILE_HEADER_CHANGED
  file 14 rejected: FILE_NOT_CSV
  120 leads: 118 registered · 2 rejected

outage of the Leads API 2026-11-24 02:00 to 2026-11-24 02:30 (30 min): the API can not be reached

More: leadsync report --night 2026-11-24

`);
  });

  it('is told to a partner in its language, about itself alone', () => {
    expect(partnerNightText(summary, 'acme', 'es')).toBe(`Resumen de la noche del 24/11/2026

Ficheros recibidos:
  12: fichero de leads, tratado, 120 filas
  13: fichero de actualizaciones, retenido a la espera de revisión
  14: fichero de leads, rechazado (FILE_NOT_CSV)
FALTA: fichero de actualizaciones, previsto antes de las 06:00 (recibidos: 0 de 1).

Leads:
  registrado: 118
  rechazado: 2

El detalle de cada fila está en el fichero de resultados que lleva el mismo número.
`);
    expect(partnerNightText(summary, 'acme', 'en')).toContain(
      'MISSING: updates file, expected by 06:00 (received: 0 of 1).',
    );
    expect(partnerNightText(summary, 'brisa', 'es')).toBeNull();
  });
});

describe('a receiver that can not be told', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const trouble: TargetTrouble = {
    channel: 'webhook',
    recipient: 'acme',
    failingSince: new Date('2026-11-24T11:30:00Z'),
    code: 'DELIVERY_RECEIVER_FAILED',
    httpStatus: 503,
    stoppedAt: null,
    waiting: 2,
    givenUp: 0,
  };

  it('is worth knowing for an hour, and then urgent', () => {
    expect(ofTargetTrouble(trouble, now)).toMatchObject([
      {
        alarm: 'delivery:webhook:acme',
        what: 'webhooks to acme do not arrive, 2 wait: DELIVERY_RECEIVER_FAILED (503)',
        isUrgent: false,
      },
    ]);
    const long = { ...trouble, failingSince: new Date('2026-11-24T10:59:00Z') };
    expect(ofTargetTrouble(long, now)).toMatchObject([
      { isUrgent: true, command: 'leadsync deliveries --partner acme' },
    ]);
  });

  it('is urgent at once where it is stopped, or where something was given up', () => {
    const stopped = { ...trouble, stoppedAt: now, givenUp: 1 };
    expect(ofTargetTrouble(stopped, now)).toMatchObject([
      { isUrgent: true, command: 'leadsync deliveries --go-on acme --reason "…"' },
      { alarm: 'delivery-given-up:webhook:acme', level: 1, isUrgent: true },
    ]);
    expect(ofTargetTrouble({ ...trouble, failingSince: null }, now)).toEqual([]);
  });
});

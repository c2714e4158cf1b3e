import type { FieldRule } from '../../src/domain/lead.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { usualRetentionRules } from '../../src/domain/retention.ts';

/** A partner config with nothing special about it; a test changes what it is about. */
export function aPartner(changes: Partial<Partner> = {}): Partner {
  return {
    id: 'acme',
    version: 'test',
    defaults: { motivoLlamada: '1' },
    files: { leads: null, updates: null, mixed: null },
    columns: {},
    identity: [],
    codes: {},
    consent: { accepted: ['sí', 'true', '1'], refused: ['no', 'false', '0'], onRefused: 'reject', onBlank: 'reject' },
    agent: { default: '0051245', byPostalCode: {}, fromCheck: 'always' },
    canal: { client: null, prospect: null },
    withoutNif: 'reject',
    tooLong: 'reject',
    updates: {
      orderBy: null,
      afterFinal: 'reject',
      unknownLeadId: 'reject',
      observacion: null,
      maxObservacion: 4_000,
      finalEstados: [],
      initial: [],
      coalesce: false,
      patienceMs: null,
    },
    schedule: null,
    timeZone: 'Europe/Madrid',
    expect: [],
    holidays: { spain: false, dates: [] },
    drift: { header: false, smallerPercent: null, biggerTimes: null, emptiedPercent: null },
    firstRows: 0,
    recheck: { notManagedMs: 30 * 24 * 3_600_000 },
    results: {
      echo: false,
      language: 'es',
      encoding: 'utf-8',
      delimiter: null,
      everyMs: 30 * 60_000,
      by: null,
      summary: false,
    },
    retention: usualRetentionRules,
    webhook: null,
    communication: { shared: null, own: null },
    limits: { maxRows: 1_000_000, maxBytes: 512 * 1024 * 1024, maxCell: 32_767, checksPerDay: 10_000, rowsPerId: 3 },
    ...changes,
  };
}

/** The alta lead table of the specification, 1.2.5. */
export const altaLeadRules: readonly FieldRule[] = [
  rule('acceptTerms', { required: true }),
  rule('reference'),
  rule('idLanding'),
  rule('leadOrigin', { maxLength: 25 }),
  rule('partnerLeadId', { maxLength: 45, steering: true }),
  rule('parametersURL', { maxLength: 999 }),
  rule('partner', { maxLength: 255 }),
  rule('trafficSource', { maxLength: 255 }),
  rule('campaign', { maxLength: 255 }),
  rule('agenteId', { required: true, maxLength: 7, steering: true }),
  rule('canal', { steering: true }),
  rule('dni'),
  rule('email', { maxLength: 50 }),
  rule('motivoLlamada', { required: true, steering: true, values: ['1', '2'] }),
  rule('name', { required: true, maxLength: 50 }),
  rule('origen', { maxLength: 20 }),
  rule('phone', { required: true }),
  rule('postalcode'),
  rule('ramo', { steering: true }),
  rule('refExt', { maxLength: 20 }),
];

function rule(name: string, changes: Partial<FieldRule> = {}): FieldRule {
  return { name, required: false, maxLength: null, steering: false, values: null, ...changes };
}

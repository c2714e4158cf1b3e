import { describe, expect, it } from 'vitest';
import { createRequestFields } from '../../src/adapters/leads-api/request-fields.ts';
import type { AttemptLine } from '../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import { contracts } from '../../src/contract/index.ts';
import { sayAnswer, sayRequest, tellCalls, type CallsOfRow, type MadeBy } from '../../src/view/told-call.ts';
import { aPartner } from '../domain/a-partner.ts';

const contract = contracts['1.2.5'];
const by: MadeBy = {
  partner: aPartner({ canal: { client: 'WEB-C', prospect: 'WEB-P' } }),
  settings: { ledgerId: '00000000-0000-4000-8000-000000000000' },
  requests: {
    fields: createRequestFields({ contract }),
    endpoints: {
      clientData: { method: 'GET', path: '/clients/{nif}' },
      altaLead: { method: 'POST', path: '/alta-lead' },
      updateLead: { method: 'POST', path: '/update-lead' },
    },
  },
};

/** Every field that the contract has, each with a person in it where it is text. */
const fields = {
  ...Object.fromEntries(contract.leadFields.map(({ name }) => [name, `Ana Sintética ${name}`])),
  acceptTerms: 'true',
  agenteId: '0051245',
  canal: 'WEB',
  dni: '00000001R',
  email: 'ana@ejemplo.example',
  leadOrigin: '11',
  motivoLlamada: '1',
  phone: '600000001',
  postalcode: '08014',
  ramo: '3',
};

const aRow = {
  id: '17',
  partner: 'acme',
  payload: new Uint8Array([1]),
  clientAnswer: { client: true, partnerManage: true, agentId: '0000007', multiAcceso: null, reference: 'REF-ANA' },
  agenteId: '0000007',
  leadId: 'L-1',
  idLanding: 'IL-1',
} as Partial<LedgerRow> as LedgerRow;

const attempt = (step: string, more: Partial<AttemptLine> = {}, at = 0): AttemptLine => ({
  id: `${step}-${at}`,
  step,
  fence: 1,
  instance: 'worker-1',
  begunAt: new Date(at),
  endedAt: new Date(at + 10),
  evidence: 'response_complete',
  httpStatus: 200,
  outcome: 'answered',
  code: null,
  leadId: null,
  ...more,
});

function told(attempts: readonly AttemptLine[], more: Partial<CallsOfRow> = {}, how: MadeBy = by) {
  const said = { lead: { fields, partnerLeadId: 'CRM-1' } };
  return tellCalls({ row: aRow, said, message: null, attempts, ...more }, how);
}

const update = { leadId: null, partnerLeadId: 'CRM-1', estado: '20', observacion: 'Ana ha firmado' };

describe('the request of an attempt', () => {
  it('shows codes, flags and ids of a create, and of all else how long it is', () => {
    const [create] = told([attempt('create')]);
    const shown = create?.request.fields ?? {};
    expect(create?.request).toMatchObject({ endpoint: 'altaLead', method: 'POST', path: '/alta-lead', withheld: null });
    expect(Object.fromEntries(Object.entries(shown).filter(([, value]) => !value.startsWith('••••')))).toEqual({
      acceptTerms: 'true',
      agenteId: '0000007',
      canal: 'WEB',
      leadOrigin: '11',
      motivoLlamada: '1',
      partnerLeadId: 'CRM-1',
      ramo: '3',
    });
    expect(shown).toMatchObject({ dni: '•••• (9)', phone: '•••• (9)', name: '•••• (18)', postalcode: '•••• (5)' });
    expect(JSON.stringify(create)).not.toMatch(/Ana|Sint|00000001R|600000001|08014|ejemplo/);
  });

  it('has exactly the fields that are sent', () => {
    const sent = contract.toRequest.altaLead({ ...fields, partnerLeadId: 'CRM-1' });
    expect(Object.keys(told([attempt('create')])[0]?.request.fields ?? {})).toEqual(Object.keys(sent));
  });

  it('writes the phone as this deployment is sent it', () => {
    const dialled = createRequestFields({ contract, phoneFormat: 'e164' });
    const [create] = told([attempt('create')], {}, { ...by, requests: { ...by.requests, fields: dialled } });
    expect(create?.request.fields).toMatchObject({ phone: '•••• (12)' });
  });

  it('masks what is no code where a code is meant, as a column mapped by mistake brings it', () => {
    const wrong = { ...fields, canal: '00000001R', ramo: '600000001', leadOrigin: 'Ana Sintética' };
    const [create] = told([attempt('create')], { said: { lead: { fields: wrong, partnerLeadId: '00000001R' } } });
    expect(create?.request.fields).toMatchObject({
      canal: '•••• (9)',
      ramo: '•••• (9)',
      leadOrigin: '•••• (13)',
      partnerLeadId: '[NIF]',
    });
  });

  it('masks a field that this version has never heard of', () => {
    const fieldsOf = { ...by.requests.fields, altaLead: () => ({ apellido: 'Ana', vip: true }) };
    const [create] = told([attempt('create')], {}, { ...by, requests: { ...by.requests, fields: fieldsOf } });
    expect(create?.request.fields).toEqual({ apellido: '•••• (3)', vip: '•••• (4)' });
  });

  it('leaves the places of a path open: a NIF would stand in it', () => {
    const [check] = told([attempt('check')]);
    expect(check?.request).toMatchObject({ method: 'GET', path: '/clients/{nif}', fields: { nif: '•••• (9)' } });
  });

  it('is that of an update, its observacion masked', () => {
    const [push] = told([attempt('push')], { said: { update } });
    expect(push?.request.fields).toEqual({ estado: '20', leadId: 'L-1', observacion: '•••• (14)' });
  });

  it('says why it can not be made any more', () => {
    const create = [attempt('create')];
    const why = (row: Partial<LedgerRow>, how: MadeBy = by) =>
      told(create, { row: { ...aRow, ...row } }, how)[0]?.request ?? null;
    expect(why({ erasure: '3' })).toMatchObject({ fields: null, withheld: 'erased by erasure 3: they are gone' });
    expect(why({ payload: new Uint8Array() })).toMatchObject({ fields: null, withheld: 'its values are gone' });
    expect(why({}, { ...by, partner: null })?.withheld).toBe('its partner has no valid config now');
    const notManaged = { client: false, partnerManage: false, agentId: null, multiAcceso: null, reference: null };
    expect(why({ clientAnswer: notManaged })?.withheld).toContain('would not be sent');
  });

  it('has no address where this process is told of no API', () => {
    const [create] = told([attempt('create')], {}, { ...by, requests: { ...by.requests, endpoints: null } });
    expect(create?.request).toMatchObject({ endpoint: 'altaLead', method: null, path: null });
    expect(create && sayRequest(create.request)).toMatch(/^altaLead: acceptTerms true, /);
  });
});

describe('the answer of an attempt', () => {
  it('is what the row keeps: of the last client check, and of the create that gave its leadId', () => {
    const [first, last, other, create] = told(
      [
        attempt('check', {}, 0),
        attempt('check', {}, 100),
        attempt('create', { leadId: 'L-0' }, 200),
        attempt('create', { leadId: 'L-1' }, 300),
      ],
      { message: 'Lead creado, llamar a ana@ejemplo.example' },
    );
    expect(first?.answer).toEqual({ fields: {} });
    expect(last?.answer?.fields).toEqual({
      client: 'true',
      partnerManage: 'true',
      agentId: '0000007',
      reference: '•••• (7)',
    });
    expect(other?.answer?.fields).toEqual({ leadId: 'L-0' });
    const message = 'Lead creado, llamar a [e-mail]';
    expect(create?.answer?.fields).toEqual({ leadId: 'L-1', idLanding: 'IL-1', message });
    expect(create && sayAnswer(create)).toBe(`HTTP 200: leadId L-1, idLanding IL-1, message ${message}`);
  });

  it("has the API's words at the last attempt that was told any", () => {
    const refused = { outcome: 'refused', httpStatus: 400 } as const;
    const later = { outcome: 'not_sent', httpStatus: 503 } as const;
    const calls = told([attempt('create', refused), attempt('create', later, 100)], { message: 'phone is required' });
    expect(calls.map(({ answer }) => answer?.fields)).toEqual([{ message: 'phone is required' }, {}]);
  });

  it('is none where none came, and says so', () => {
    const [create] = told([attempt('create', { httpStatus: null, outcome: 'ambiguous', evidence: 'maybe_written' })]);
    expect(create?.answer).toBeNull();
    expect(create && sayAnswer(create)).toBe('none');
  });

  it('of an update names its lead', () => {
    const [push] = told([attempt('push')], { said: { update } });
    expect(push?.answer?.fields).toEqual({ leadId: 'L-1' });
  });
});

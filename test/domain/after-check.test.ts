import { describe, expect, it } from 'vitest';
import { decideAfterCheck } from '../../src/domain/after-check.ts';
import type { ClientAnswer } from '../../src/domain/call-outcome.ts';
import { aPartner } from './a-partner.ts';

const answer = (more: Partial<ClientAnswer>): ClientAnswer => ({
  client: false,
  partnerManage: true,
  agentId: null,
  multiAcceso: null,
  reference: null,
  ...more,
});
const partner = aPartner({
  agent: { default: '0000009', byPostalCode: { '08014': '0000008' }, fromCheck: 'always' },
  canal: { client: 'WEB-C', prospect: 'WEB-P' },
});
const agentOf = (given: ClientAnswer, fields = {}, config = partner): string | undefined => {
  const next = decideAfterCheck(given, fields, config);
  return next.kind === 'create' ? next.lead['agenteId'] : next.kind;
};

describe('decideAfterCheck', () => {
  it('sends nothing where the partner does not manage the client', () => {
    expect(agentOf(answer({ partnerManage: false, client: true, agentId: '0000001' }))).toBe('not_managed');
  });

  it('keeps a client with the agent that the API names, whatever the row says', () => {
    const next = decideAfterCheck(answer({ client: true, agentId: '0000001' }), { agenteId: '0000002' }, partner);
    expect(next).toMatchObject({
      kind: 'create',
      lead: { agenteId: '0000001', canal: 'WEB-C' },
      warnings: [{ code: 'ROW_AGENT_OVERRULED' }],
    });
  });

  it('never gives a client without an agent to the default one', () => {
    expect(decideAfterCheck(answer({ client: true }), {}, partner)).toMatchObject({
      kind: 'failed',
      problem: { code: 'API_CLIENT_WITHOUT_AGENT' },
    });
  });

  it("finds a prospect's agent in the answer, the row, the postal code, the default, in this order", () => {
    expect(agentOf(answer({ agentId: '0000001' }), { agenteId: '0000002' })).toBe('0000001');
    expect(agentOf(answer({}), { agenteId: '0000002', postalcode: '08014' })).toBe('0000002');
    expect(agentOf(answer({}), { postalcode: '08014' })).toBe('0000008');
    expect(agentOf(answer({}))).toBe('0000009');
  });

  it("passes over the answer's agent for prospects where the config says clients only", () => {
    const clientsOnly = aPartner({ agent: { default: '0000009', byPostalCode: {}, fromCheck: 'clientsOnly' } });
    expect(agentOf(answer({ agentId: '0000001' }), {}, clientsOnly)).toBe('0000009');
  });

  it('rejects a prospect for whom nobody names an agent', () => {
    const nobody = aPartner({ agent: { default: null, byPostalCode: {}, fromCheck: 'always' } });
    expect(decideAfterCheck(answer({}), {}, nobody)).toMatchObject({
      kind: 'rejected',
      problem: { code: 'ROW_AGENT_MISSING' },
    });
  });

  it('takes the reference from the answer before the row', () => {
    const next = decideAfterCheck(answer({ reference: 'WS' }), { reference: 'ROW' }, partner);
    expect(next).toMatchObject({ lead: { reference: 'WS', canal: 'WEB-P' } });
  });
});

import { expect, test } from 'vitest';
import { clientOf } from '../../src/sandbox/clients.ts';

const reference = (digits: string) => `WS-${digits}`;

test.each([
  ['12345600Z', { client: false, partnerManage: true, agentId: null, multiAcceso: null, ko: false }],
  ['12345604Z', { client: false, partnerManage: true, agentId: null, multiAcceso: null, ko: false }],
  ['12345645Z', { client: false, partnerManage: true, agentId: '0051245', multiAcceso: null, ko: false }],
  ['12345606Z', { client: true, partnerManage: true, agentId: '0051206', multiAcceso: true, ko: false }],
  ['X1234507L', { client: true, partnerManage: true, agentId: '0051207', multiAcceso: false, ko: false }],
  ['B12345608', { client: true, partnerManage: false, agentId: '0051208', multiAcceso: true, ko: false }],
  ['12345609Z', { client: false, partnerManage: false, agentId: null, multiAcceso: null, ko: false }],
  ['12345698Z', { client: true, partnerManage: true, agentId: null, multiAcceso: null, ko: false }],
  ['12345699Z', { client: false, partnerManage: true, agentId: null, multiAcceso: null, ko: true }],
])('%s is told by its last digits', (nif, expected) => {
  expect(clientOf(nif)).toEqual({ ...expected, reference: reference(nif.replaceAll(/\D/g, '').slice(-2)) });
});

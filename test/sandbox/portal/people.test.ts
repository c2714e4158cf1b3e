import { expect, test } from 'vitest';
import { clientOf } from '../../../src/sandbox/clients.ts';
import { kindsOfPeople } from '../../../src/sandbox/portal/answer-rule.ts';
import { nifOf } from '../../../src/sandbox/portal/nif.ts';
import { personBody, useSandboxes } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox people');
const kinds = kindsOfPeople();

test.each([
  [12_345_678, '12345678Z'],
  [0, '00000000T'],
  [99_999_999, '99999999R'],
])('knows the control letter of %d', (number, nif) => {
  expect(nifOf(number)).toBe(nif);
});

test('tells every pair of last digits as the rule does', () => {
  for (let pair = 0; pair < 100; pair += 1) {
    const digits = String(pair).padStart(2, '0');
    const told = kinds.filter(({ endings }) => endings.some((ending) => digits.endsWith(ending)));
    // Two digits go before one.
    const kind = told.find(({ endings }) => endings.includes(digits)) ?? told[0];
    const { agentId, reference: _, ...said } = clientOf(nifOf(Number(`123456${digits}`)));
    expect([digits, kind?.said]).toMatchObject([
      digits,
      { ...said, agentId: agentId === null ? null : expect.any(String) },
    ]);
    expect(told.length).toBeLessThanOrEqual(2);
  }
});

test('shows them on the page', async () => {
  const { url } = await sandboxes.start();
  const page = await (await fetch(`${url}/docs`)).text();
  expect(kinds).toHaveLength(8);
  for (const { exampleNif } of kinds) expect(page).toContain(`<code>${exampleNif}</code>`);
});

test.each(kinds)(
  '$exampleNif is answered, and their lead is taken, as the page says',
  async ({ exampleNif, said, lead }) => {
    const { post } = await sandboxes.start();
    const check = (await (await post('/client-data', { nif: exampleNif })).json()) as Record<string, unknown>;
    const { ko, agentId, client, partnerManage, multiAcceso } = said;
    if (ko) expect(check).toEqual({ status: 'KO', message: expect.any(String), nif: exampleNif });
    else {
      expect(check).toMatchObject({ status: 'OK', client, partnerManage });
      expect([check['agentId'] ?? null, check['multiAcceso'] ?? null]).toEqual([agentId, multiAcceso]);
    }
    const create = async (agenteId: string) =>
      (await post('/alta-lead', { ...personBody, dni: exampleNif, agenteId })).status;
    expect([await create(agentId ?? '0051200'), await create('0000001')]).toEqual(
      { 'any agent': [200, 200], 'this agent': [200, 422], refused: [422, 422] }[lead],
    );
  },
);

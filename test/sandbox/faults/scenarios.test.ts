import { expect, test } from 'vitest';
import { createFaults } from '../../../src/sandbox/faults/faults.ts';
import type { Subject } from '../../../src/sandbox/faults/faults.ts';
import { scenarios } from '../../../src/sandbox/faults/scenarios.ts';
import { call } from '../../adapters/leads-api/api-under-test.ts';
import { person, useSandboxes } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox scenarios');

const call500 = (endpoint: Subject['endpoint']): Subject[] =>
  Array.from({ length: 500 }, () => ({ endpoint, partnerLeadId: null, nif: null, leadId: null }));

test('have names of their own', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test.each(scenarios)('$name: every fault of it strikes sooner or later', ({ name, faults }) => {
  const made = createFaults({ scenario: name, seed: 1 });
  const endpoints = ['clientData', 'altaLead', 'updateLead', 'token'] as const;
  for (const subject of endpoints.flatMap(call500)) made.meet(subject);
  expect(made.now().faults.map(({ struck }) => struck > 0)).toEqual(faults.map(() => true));
});

test('lost-answers: leads are created although our client hears nothing', async () => {
  const sandbox = await sandboxes.start({ scenario: 'lost-answers', seed: 3 });
  const api = sandbox.api({ timeoutMs: 2_000 });
  const ids = Array.from({ length: 40 }, (_, at) => `lost-${at}`);
  const kinds = await Promise.all(
    ids.map(async (partnerLeadId) => (await api.createLead({ ...person, partnerLeadId }, call())).outcome.kind),
  );
  expect(new Set(kinds)).toEqual(new Set(['answered', 'ambiguous']));
  for (const id of ids) expect(await sandboxes.leadsCreated(id)).toBe(1);
});

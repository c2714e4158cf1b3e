import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repeatsName } from '../../src/domain/repeated-name.ts';

test.each([
  '{"leadId":"1","leadId":"2"}',
  '{"leadId":"1","leadId":"1"}',
  '{"lead\\u0049d":"1","leadId":"2"}',
  '{ "a" : [ { "b" : 1 } ] , "leadId" : 1 , "a" : 2 }',
  '{"":1,"":2}',
])('sees the second name in %s', (json) => {
  expect([repeatsName(json, 'outermost'), repeatsName(json, 'anywhere')]).toEqual([true, true]);
});

test.each(['{"a":{"b":1,"b":2}}', '[{"a":1,"a":2}]', '{"a":[{"b":1,"c":[],"b":2}]}'])(
  'sees the second name further in only where it is to look there, in %s',
  (json) => {
    expect([repeatsName(json, 'outermost'), repeatsName(json, 'anywhere')]).toEqual([false, true]);
  },
);

test.each([
  '{}',
  '[]',
  '"leadId:"',
  '{"leadId":"1","request":{"leadId":"2"}}',
  '{"leadId":"1","list":[{"leadId":"2"},{"leadId":"3"}]}',
  '{"message":"\\"leadId\\":\\"2\\"","leadId":"1"}',
  '{"a":"b","b":"a"}',
  '{"a":"a"}',
  '[{"a":1},{"a":2}]',
])('sees none in %s', (json) => {
  expect([repeatsName(json, 'outermost'), repeatsName(json, 'anywhere')]).toEqual([false, false]);
});

test('sees none in anything that JSON.stringify writes, and always the one that is added', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.boolean(), (value, pretty) => {
      const json = JSON.stringify(value, null, pretty ? 2 : 0);
      const [first] = Object.keys(JSON.parse(json) as object);
      for (const where of ['outermost', 'anywhere'] as const) {
        expect(repeatsName(json, where)).toBe(false);
        expect(repeatsName(`${json.slice(0, -1)},${JSON.stringify(first)}:1}`, where)).toBe(true);
      }
    }),
  );
});

import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeyedHash } from '../../../src/adapters/crypto/keyed-hash.ts';

it('is HMAC-SHA256 for any key and any text, one after the other', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.integer({ min: 1300, max: 1400 }).map((length) => '€'.repeat(length)),
    fc.constantFrom('', '\uD800', 'ñ'.repeat(5000)),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(text, { minLength: 1, maxLength: 5 }), (key, texts) => {
      const keyed = createKeyedHash(Buffer.from(key));
      for (const each of texts) expect(keyed(each)).toBe(createHmac('sha256', key).update(each).digest('hex'));
    }),
    { numRuns: 500 },
  );
});

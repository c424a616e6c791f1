import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Entry, usageOf } from './usage.ts';

const entry: fc.Arbitrary<Entry> = fc.record({
  by: fc.constantFrom('customers', 'relay', 'bus'),
  what: fc.constantFrom('read', 'write', 'delivery', 'published', 'shared', 'message', 'signal', 'mail'),
  amount: fc.integer({ min: 1, max: 50 }),
});

test('what was used is summed up by kind, and deliveries by function', () => {
  const usage = usageOf([
    { by: 'sales', what: 'read', amount: 0.5 },
    { by: 'scoring', what: 'read', amount: 1 },
    { by: 'scoring', what: 'write', amount: 4 },
    { by: 'scoring', what: 'delivery', amount: 1 },
    { by: 'relay', what: 'delivery', amount: 2 },
    { by: 'relay', what: 'delivery', amount: 1 },
    { by: 'relay', what: 'published', amount: 2 },
  ]);

  expect(usage).toEqual({
    ...usageOf([]),
    readUnits: 1.5,
    writeUnits: 4,
    units: { sales: { read: 0.5, write: 0 }, scoring: { read: 1, write: 4 } },
    deliveries: { relay: 3, scoring: 1 },
    published: 2,
  });
});

test('the order in which things were used does not matter', () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      expect(JSON.stringify(usageOf(entries.toReversed()))).toBe(JSON.stringify(usageOf(entries)));
    }),
  );
});

test('two parts make up the whole', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(entry), (some, more) => {
      const [left, right, whole] = [usageOf(some), usageOf(more), usageOf([...some, ...more])];

      expect(whole.readUnits).toBe(left.readUnits + right.readUnits);
      expect(whole.messages).toBe(left.messages + right.messages);
      expect(whole.deliveries.relay ?? 0).toBe((left.deliveries.relay ?? 0) + (right.deliveries.relay ?? 0));
    }),
  );
});

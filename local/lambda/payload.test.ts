import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitting, MAX_PAYLOAD_BYTES, payloadOf, payloadsOf } from './payload.ts';

const record = (bytes: number) => ({ body: 'x'.repeat(bytes) });
const sizeOf = (records: readonly object[]) => Buffer.byteLength(JSON.stringify({ Records: records }));

it('parts records only where one payload does not take them', () => {
  expect(payloadsOf([])).toEqual([]);
  expect(payloadsOf([record(10), record(20)])).toHaveLength(1);
  const megabyte = Array.from({ length: 10 }, () => record(1024 * 1024));
  expect(payloadsOf(megabyte).map(({ length }) => length)).toEqual([5, 5]);
  expect(payloadsOf([record(2 * MAX_PAYLOAD_BYTES), record(1)]).map(({ length }) => length)).toEqual([1, 1]);
});

it('gives no room to what is not sent', () => {
  const megabyte = Array.from({ length: 10 }, () => record(1024 * 1024));
  const every = (nth: number) => (one: object) => megabyte.indexOf(one as never) % nth === 0;
  expect(fitting(megabyte)).toBe(5);
  expect(fitting(megabyte, every(2))).toBe(10);
});

it('writes an event as JSON does', () => {
  const records = [record(3), { body: '"é\n"', more: [null, { n: 1 }] }];
  expect(payloadOf(records)).toBe(JSON.stringify({ Records: records }));
  expect(payloadOf(records)).toBe(JSON.stringify({ Records: records }));
  expect(payloadOf([])).toBe('{"Records":[]}');
});

it('keeps every record and its place, and no payload of several is too large', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { maxLength: 8 });
  fc.assert(
    fc.property(sizes, (each) => {
      const records = each.map(record);
      const parts = payloadsOf(records);
      expect(parts.flat()).toEqual(records);
      for (const part of parts) {
        expect(part.length === 1 || sizeOf(part) <= MAX_PAYLOAD_BYTES).toBe(true);
      }
    }),
    { numRuns: 20 },
  );
});

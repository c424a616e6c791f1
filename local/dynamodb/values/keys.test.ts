import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterPrefix,
  checkIndexKey,
  checkItemKey,
  checkKey,
  hashBytes,
  type KeySchema,
  rangeBytes,
} from './keys.ts';

const schema: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'N' } };

describe('keys', () => {
  it('end a prefix at the first key after all that begin with it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (prefix, rest) => {
        const start = Buffer.from(prefix);
        const after = afterPrefix(start);
        if (!after) {
          expect(start.every((byte) => byte === 0xff)).toBe(true);
          return;
        }
        expect(Buffer.compare(Buffer.concat([start, rest]), after)).toBeLessThan(0);
        expect(Buffer.compare(Buffer.from(after.subarray(0, start.length)), start)).toBeGreaterThan(0);
      }),
    );
  });

  it('keep partition keys apart and spread them', () => {
    const keys = Array.from({ length: 100 }, (_, index) => hashBytes([{ S: `customer-${index}` }]));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(100);
    expect(new Set(keys.map((key) => key[0])).size).toBeGreaterThan(50);
  });

  it('sort strings by UTF-8 bytes', () => {
    expect(Buffer.compare(rangeBytes({ S: '\u{1F600}' }), rangeBytes({ S: '\uFF01' }))).toBeGreaterThan(0);
  });

  it('must have the attributes of the schema and no others', () => {
    expect(() => checkKey(schema, { pk: { S: 'a' }, sk: { N: '1' } })).not.toThrow();
    for (const key of [
      { pk: { S: 'a' } },
      { pk: { S: 'a' }, sk: { S: '1' } },
      { pk: { S: 'a' }, x: { N: '1' } },
    ]) {
      expect(() => checkKey(schema, key)).toThrow('The provided key element does not match the schema');
    }
  });

  it('are neither empty nor longer than 2048 and 1024 bytes', () => {
    const text: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'S' } };
    expect(() => checkKey(text, { pk: { S: '' }, sk: { S: 'a' } })).toThrow(
      'cannot contain an empty string value. Key: pk',
    );
    expect(() => checkKey(text, { pk: { S: 'é'.repeat(1024) }, sk: { S: 'é'.repeat(512) } })).not.toThrow();
    expect(() => checkKey(text, { pk: { S: `${'é'.repeat(1024)}a` }, sk: { S: 'a' } })).toThrow(
      'Size of hashkey',
    );
    expect(() => checkKey(text, { pk: { S: 'a' }, sk: { S: `${'é'.repeat(512)}a` } })).toThrow(
      'range keys has exceeded',
    );
  });

  it('are missed or of the wrong type in an item by name', () => {
    expect(() => checkItemKey(schema, { pk: { S: 'a' } })).toThrow('Missing the key sk in the item');
    expect(() => checkItemKey(schema, { pk: { S: 'a' }, sk: { S: 'x' } })).toThrow(
      'Type mismatch for key sk expected: N actual: S',
    );
  });

  it('may be missing for an index, but not be empty or of another type', () => {
    expect(() => checkIndexKey('gsi1', schema, {})).not.toThrow();
    expect(() => checkIndexKey('gsi1', schema, { pk: { S: '' } })).toThrow('IndexName: gsi1, IndexKey: pk');
    expect(() => checkIndexKey('gsi1', schema, { sk: { S: 'x' } })).toThrow(
      'Type mismatch for Index Key sk Expected: N Actual: S IndexName: gsi1',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { itemSize, valueSize } from './sizes.ts';

describe('sizes', () => {
  it('count the UTF-8 bytes of names and strings', () => {
    expect(itemSize({ pk: { S: 'abc' } })).toBe(5);
    expect(itemSize({ ö: { S: '€' } })).toBe(5);
  });

  it('count the bytes of binaries and the members of sets', () => {
    expect(valueSize({ B: 'AQID' })).toBe(3);
    expect(valueSize({ SS: ['ab', 'c'] })).toBe(3);
    expect(valueSize({ NS: ['1', '100'] })).toBe(4);
    expect(valueSize({ BS: ['AQ==', 'AQI='] })).toBe(3);
  });

  it('add 3 bytes for a list or map and 1 for each element', () => {
    expect(valueSize({ L: [] })).toBe(3);
    expect(valueSize({ L: [{ S: 'ab' }, { BOOL: true }] })).toBe(8);
    expect(valueSize({ M: { a: { NULL: true } } })).toBe(6);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginsWith,
  cloneValue,
  compareUtf8,
  compareValues,
  containsValue,
  equalValues,
} from './attributes.ts';

describe('attribute values', () => {
  it('order strings by their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 500 },
    );
    expect(compareUtf8('\u{1F600}', '\uFF01')).toBeGreaterThan(0);
  });

  it('order binaries by unsigned bytes and have no order across types', () => {
    expect(compareValues({ B: 'AQ==' }, { B: '/w==' })).toBeLessThan(0);
    expect(compareValues({ S: '1' }, { N: '1' })).toBeUndefined();
    expect(compareValues({ BOOL: true }, { BOOL: false })).toBeUndefined();
  });

  it('are equal by value: sets without order, lists with it, maps by name', () => {
    expect(equalValues({ SS: ['a', 'b'] }, { SS: ['b', 'a'] })).toBe(true);
    expect(equalValues({ L: [{ S: 'a' }, { N: '1' }] }, { L: [{ N: '1' }, { S: 'a' }] })).toBe(false);
    expect(equalValues({ M: { x: { N: '1' }, y: { L: [] } } }, { M: { y: { L: [] }, x: { N: '1' } } })).toBe(
      true,
    );
    expect(equalValues({ M: { x: { N: '1' } } }, { M: { x: { N: '1' }, y: { NULL: true } } })).toBe(false);
    expect(equalValues({ S: '1' }, { N: '1' })).toBe(false);
    expect(equalValues({ BOOL: false }, { BOOL: false })).toBe(true);
  });

  it('contain parts of strings and binaries, members of sets, elements of lists of any type', () => {
    expect(containsValue({ S: 'hello' }, { S: 'ell' })).toBe(true);
    expect(containsValue({ SS: ['hello'] }, { S: 'ell' })).toBe(false);
    expect(containsValue({ NS: ['1', '2'] }, { N: '2' })).toBe(true);
    expect(containsValue({ B: 'AQID' }, { B: 'AgM=' })).toBe(true);
    expect(containsValue({ L: [{ L: [{ N: '3' }] }, { BOOL: false }] }, { L: [{ N: '3' }] })).toBe(true);
    expect(containsValue({ L: [{ BOOL: false }] }, { BOOL: false })).toBe(true);
    expect(containsValue({ N: '12' }, { N: '1' })).toBe(false);
  });

  it('begin with strings or bytes', () => {
    expect(beginsWith({ S: 'order#1' }, { S: 'order#' })).toBe(true);
    expect(beginsWith({ B: '/wA=' }, { B: '/w==' })).toBe(true);
    expect(beginsWith({ S: 'order' }, { B: 'b3Jk' })).toBe(false);
  });

  it('are cloned without sharing', () => {
    const value = { M: { list: { L: [{ SS: ['a'] }] } } };
    const copy = cloneValue(value);
    expect(copy).toEqual(value);
    copy.M?.list?.L?.[0]?.SS?.push('b');
    expect(value).toEqual({ M: { list: { L: [{ SS: ['a'] }] } } });
  });
});

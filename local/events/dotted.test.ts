import { describe, expect, test } from 'vitest';
import { fieldsOf } from './dotted.ts';
import { PatternError } from './leaf.ts';
import { compilePattern } from './pattern.ts';

const matches = (pattern: unknown, event: object) => compilePattern(pattern)(fieldsOf(event));

describe('names with dots', () => {
  const inside = { detail: { state: { status: ['running'] } } };
  const dotted = { detail: { 'state.status': ['running'] } };
  const fromTop = { 'detail.state.status': ['running'] };

  test.each([
    ['inside of each other', { detail: { state: { status: 'running' } } }],
    ['with a dot', { detail: { 'state.status': 'running' } }],
    ['from the top', { 'detail.state.status': 'running' }],
    ['in an array', { detail: [{ 'state.status': 'stopped' }, { state: { status: 'running' } }] }],
    ['beside others', { detail: { state: { since: 1 }, 'state.status': 'running' } }],
    ['where there are two', { detail: { state: { status: 'stopped' }, 'state.status': 'running' } }],
    ['where one is a value', { detail: { state: 'ok', 'state.status': 'running' } }],
  ])('and names inside of each other match the same: %s', (_, event) => {
    expect([inside, dotted, fromTop].map((pattern) => matches(pattern, event))).toEqual([true, true, true]);
    expect(matches({ detail: { 'state.status': ['stopping'] } }, event)).toBe(false);
  });

  test('are seen where a field must not be there', () => {
    const pattern = { detail: { state: { status: [{ exists: false }] } } };
    expect(matches(pattern, { detail: { 'state.status': 'running' } })).toBe(false);
    expect(matches(pattern, { detail: { 'state.since': 1 } })).toBe(true);
  });

  test('stand together with the field that they are of, in the same element of an array', () => {
    const pattern = { 'lines.sku': ['A'], lines: { 'state.at': [1] }, 'lines.state.by': ['me'] };
    expect(matches(pattern, { lines: [{ sku: 'A', state: { at: 1, by: 'me' } }] })).toBe(true);
    expect(matches(pattern, { lines: [{ sku: 'A' }, { state: { at: 1, by: 'me' } }] })).toBe(false);
  });

  test('of one field: the last pattern counts', () => {
    const pattern = { a: { b: [1] }, 'a.b': [2] };
    expect([1, 2].map((b) => matches(pattern, { a: { b } }))).toEqual([false, true]);
  });

  test('work in alternatives', () => {
    const pattern = { $or: [{ 'detail.a': [1] }, { detail: { 'b.c': [2] } }] };
    expect(matches(pattern, { detail: { b: { c: 2 } } })).toBe(true);
    expect(matches(pattern, { detail: { b: { c: 1 } } })).toBe(false);
  });

  test('cannot give a field both values and fields of its own', () => {
    expect(() => compilePattern({ a: [1], 'a.b': [2] })).toThrow(PatternError);
  });
});

test('an event without dots is looked at as it is, however deep or long', () => {
  let event: object = { a: 1 };
  for (let depth = 0; depth < 100_000; depth++) event = { a: [event] };
  const long = { a: Array.from({ length: 500_000 }, (_, at) => at) };

  expect(fieldsOf(event)).toBe(event);
  expect(fieldsOf(long)).toBe(long);
});

test('a name of the language is a name like any other', () => {
  const event = JSON.parse('{"__proto__.x": 1, "a.b": 2}') as object;
  expect(matches(JSON.parse('{"__proto__": {"x": [1]}}'), event)).toBe(true);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

import { expect, test } from 'vitest';
import { isRefusal, Refusal } from './errors.ts';

test('a refusal is recognised by its shape, since each bundle has a class of its own', () => {
  const foreign = Object.assign(new Error('no'), { name: 'Refusal', code: 'ACCESS.DENIED', info: {} });

  expect(isRefusal(new Refusal('ACCESS.DENIED', 'no'))).toBe(true);
  expect(isRefusal(foreign)).toBe(true);
});

test.each([new Error('Refusal'), { name: 'Refusal', code: 'ACCESS.DENIED' }, undefined])(
  '%s is no refusal',
  (error) => {
    expect(isRefusal(error)).toBe(false);
  },
);

import { expect, test, vi } from 'vitest';
import { env } from './env.ts';

test('a variable that the template gave is read', () => {
  vi.stubEnv('TABLE_NAME', 'crm');

  expect(env('TABLE_NAME')).toBe('crm');
});

test.each([undefined, ''])('a variable that is %j is an error that names it', (value) => {
  vi.stubEnv('TABLE_NAME', value);

  expect(() => env('TABLE_NAME')).toThrow('TABLE_NAME is not set');
});

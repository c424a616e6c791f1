import { expect, test } from 'vitest';
import { help, readOptions, UsageError } from './args.ts';

test('a tenant is all that has to be said', () => {
  expect(readOptions(['--tenant', 'acme'])).toEqual({ tenant: 'acme', check: false, approval: 'broadening' });
});

test('everything can be said', () => {
  expect(readOptions(['--tenant', 'acme', '--check', '--require-approval', 'never'])).toEqual({
    tenant: 'acme',
    check: true,
    approval: 'never',
  });
});

test('help comes before all else, and names every option', () => {
  expect(readOptions(['--help'])).toBe('help');
  for (const option of ['--tenant', '--check', '--require-approval', '--help'])
    expect(help).toContain(option);
});

test.each([
  [[], '--tenant is missing: give the name of a file in infra/tenants'],
  [['--tenant', 'acme', '--chek'], "Unknown option '--chek'"],
  [['acme'], "Unexpected argument 'acme'"],
  [
    ['--tenant', 'acme', '--require-approval', 'always'],
    '--require-approval "always" is not one of broadening, any-change, never',
  ],
])('%j is refused with what is possible', (args, message) => {
  expect(() => readOptions(args)).toThrow(UsageError);
  expect(() => readOptions(args)).toThrow(message);
});

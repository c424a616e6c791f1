import { describe, expect, it } from 'vitest';
import { countryCode } from './countries.ts';

describe('countryCode', () => {
  it.each([
    ['United Kingdom', 'GB'],
    ['EIRE', 'IE'],
    ['RSA', 'ZA'],
    ['USA', 'US'],
    ['Czech Republic', 'CZ'],
    ['gb', 'GB'],
    ['DEU', 'DE'],
  ])('%s is %s', (name, code) => {
    expect(countryCode(name)).toBe(code);
  });

  it.each(['Channel Islands', 'European Community', 'Unspecified', 'Kosovo', '', 'ZZ'])(
    '%j is no country',
    (name) => {
      expect(countryCode(name)).toBeUndefined();
    },
  );
});

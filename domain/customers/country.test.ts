import countries from 'i18n-iso-countries/index.js';
import { expect, test } from 'vitest';
import { isCountry } from './country.ts';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const codes = letters.flatMap((first) => letters.map((second) => first + second));

test('the countries are the 249 of ISO 3166-1, and no other two letters', () => {
  const expected = Object.keys(countries.getAlpha2Codes()).filter((code) => code !== 'XK');

  const taken = codes.filter(isCountry);

  expect(expected).toHaveLength(249);
  expect(taken).toEqual(expected.sort());
});

test.each(['gb', 'GBR', 'G', '', '826', 'G1'])('%j is not of the form of a country code', (code) => {
  expect(isCountry(code)).toBe(false);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readUnits } from '../units/file.ts';
import { readFlat } from '../units/flat.ts';
import { readAssumptions } from './assumptions.ts';
import { renderCosts } from './document.ts';
import { readPrices } from './prices.ts';

const document = {
  units: readUnits(),
  prices: readPrices(),
  assumptions: readAssumptions(),
  flat: readFlat(),
};

test('docs/costs.md is what its files say: run `npm run bench:costs`', () => {
  expect(readFileSync('docs/costs.md', 'utf8')).toBe(renderCosts(document));
});

test('the same files give the same document', () => {
  expect(renderCosts(document)).toBe(renderCosts(document));
});

test('a dearer unit makes the document say another price', () => {
  const { prices } = document.prices;
  const dearer = { ...prices, 'dynamodb.write': { ...prices['dynamodb.write'], usd: 1.25 } };

  const changed = renderCosts({ ...document, prices: { ...document.prices, prices: dearer } });

  expect(changed).toContain('$1.25 for 1,000,000');
  expect(changed).not.toBe(renderCosts(document));
});

test('firms of 10,000 and of a million customers were measured, and no operation took other units', () => {
  const { records } = document.flat;

  expect(records.map(({ customers }) => customers)).toEqual(expect.arrayContaining([10_000, 1_000_000]));
  expect(records.flatMap(({ differing }) => differing)).toEqual([]);
});

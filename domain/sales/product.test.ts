import { describe, expect, test } from 'vitest';
import { cause, now, refusalOf } from '../../test/support/domain.ts';
import { checkRecordProduct, type Product, recordProduct } from './product.ts';

const heart: Product = {
  id: 'prd_1',
  source: 'shop',
  code: '85123A',
  name: 'Heart',
  category: 'Lights',
  price: { amount: '2.50', currency: 'GBP' },
  active: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: 3,
};
const check = (fields: object) => checkRecordProduct({ source: 'shop', code: '85123A', ...fields });
const record = (fields: object, current: Product | undefined = heart) =>
  recordProduct('prd_1', current, check(fields), cause);
const recordNew = (fields: object) => recordProduct('prd_1', undefined, check(fields), cause);

describe('a new product', () => {
  test('is recorded as still sold, with what is known', () => {
    const { product, change } = recordNew({ name: 'Heart', price: { amount: '02.5', currency: 'GBP' } });

    expect(product).toEqual({
      id: 'prd_1',
      source: 'shop',
      code: '85123A',
      name: 'Heart',
      price: { amount: '2.50', currency: 'GBP' },
      active: true,
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
    expect(change).toEqual({
      ...cause,
      events: [
        {
          type: 'crm.product.recorded.v1',
          subject: 'prd_1',
          sequence: 1,
          data: { productId: 'prd_1', changedFields: ['name', 'price', 'active'] },
        },
      ],
    });
  });

  test('needs a name, and no version or 0', () => {
    expect(refusalOf(() => recordNew({}))).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'name' } });
    expect(recordNew({ name: 'Heart', expectedVersion: 0 }).product.version).toBe(1);
    expect(refusalOf(() => recordNew({ name: 'Heart', expectedVersion: 1 }))).toMatchObject({
      code: 'PRODUCT.VERSION_STALE',
      info: { version: 0 },
    });
  });
});

describe('a product that is there', () => {
  test('keeps what is left out, loses what is null, and tells the names of what changed', () => {
    const { product, change } = record({ category: null, active: false });

    const { category: _category, ...rest } = heart;
    expect(product).toEqual({ ...rest, active: false, updatedAt: now, version: 4 });
    expect(change?.events).toMatchObject([{ sequence: 4, data: { changedFields: ['category', 'active'] } }]);
  });

  test('is not changed by what it is already', () => {
    const price = { currency: 'GBP', amount: '2.5' };

    expect(record({ name: ' Heart ', price, category: 'Lights', active: true })).toEqual({ product: heart });
  });

  test('is refused at another version than the client has seen, with the current one', () => {
    expect(record({ name: 'X', expectedVersion: 3 }).product.version).toBe(4);
    expect(refusalOf(() => record({ name: 'X', expectedVersion: 2 }))).toMatchObject({
      code: 'PRODUCT.VERSION_STALE',
      message: 'prd_1 is at version 3, not 2: fetch it and decide again',
      info: { field: 'expectedVersion', value: 2, version: 3, productId: 'prd_1' },
    });
  });
});

test.each([
  [{ name: null }, 'name'],
  [{ name: 'x'.repeat(257) }, 'name'],
  [{ active: null }, 'active'],
  [{ source: '' }, 'source'],
  [{ code: 'x'.repeat(65) }, 'code'],
  [{ category: 'x'.repeat(129) }, 'category'],
  [{ price: { amount: '2.555', currency: 'GBP' } }, 'price.amount'],
  [{ price: { amount: '2.5', currency: 'JPY' } }, 'price.amount'],
  [{ price: { amount: '-1', currency: 'GBP' } }, 'price.amount'],
  [{ price: { amount: '1', currency: 'EURO' } }, 'price.currency'],
])('%j is refused, and the field named', (wrong, field) => {
  expect(refusalOf(() => check(wrong))).toMatchObject({ code: 'INPUT.INVALID', info: { field } });
});

test.each([
  ['7', 'GBP', '7.00'],
  ['007', 'JPY', '7'],
  ['0', 'KWD', '0.000'],
  ['999999999999999.9', 'GBP', '999999999999999.90'],
])('a price of %s %s is written as %s', (amount, currency, expected) => {
  expect(check({ price: { amount, currency } }).price?.amount).toBe(expected);
});

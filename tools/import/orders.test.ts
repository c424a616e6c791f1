import { describe, expect, it } from 'vitest';
import type { Invoice } from './invoices.ts';
import { kindOf, toInput } from './orders.ts';

const line = (quantity: string, unitPrice: string, code = 'A') => ({
  invoice: '1',
  customer: '7',
  placedAt: { local: '2011-07-01T11:19:00', offset: '' },
  code,
  description: '',
  quantity,
  unitPrice,
  country: '',
  name: '',
  email: '',
});

const invoice = (number: string, ...lines: ReturnType<typeof line>[]): Invoice => ({
  number,
  customer: '7',
  placedAt: { local: '2011-07-01T11:19:00', offset: '' },
  lastLine: 2,
  lines,
  rows: [],
});

describe('kindOf', () => {
  it.each([
    ['goods', 'SALE', invoice('1', line('6', '2.55'))],
    ['a cancellation', 'RETURN', invoice('C1', line('-6', '2.55'))],
    ['less than nothing under any number', 'RETURN', invoice('1', line('1', '0.1'), line('-1', '0.100001'))],
    ['more than nothing under any number', 'SALE', invoice('C1', line('-1', '1'), line('1', '2'))],
    ['free goods', 'SALE', invoice('1', line('6', '0'))],
    ['free goods that came back', 'RETURN', invoice('1', line('-6', '0.0'))],
    ['a cancellation that comes to nothing', 'RETURN', invoice('C1', line('-1', '0.1'), line('1', '0.1'))],
    [
      'what comes to nothing and begins with C as a word does',
      'SALE',
      invoice('CUST', line('-1', '1'), line('1', '1')),
    ],
  ])('%s: %s', (_, kind, of) => {
    expect(kindOf(of)).toBe(kind);
  });
});

describe('toInput', () => {
  const options = {
    source: 'uci',
    currency: 'GBP',
    timezone: 'Europe/London',
    charges: new Set(['POST', 'M']),
    shiftDays: 1,
  };

  it('gives the order as the API takes it: charges apart, all decimals, the time in UTC', () => {
    const goods = { ...line('6', '0.0010'), description: 'LANTERN' };
    const input = toInput(
      { invoice: invoice('5', goods, line('1', '18.00', 'POST')), customerId: 'cus_7' },
      options,
    );
    expect(input).toEqual({
      customerId: 'cus_7',
      source: 'uci',
      externalId: '5',
      kind: 'SALE',
      state: 'FULFILLED',
      placedAt: '2011-07-02T10:19:00.000Z',
      currency: 'GBP',
      via: 'IMPORT',
      lines: [
        { kind: 'PRODUCT', code: 'A', description: 'LANTERN', quantity: '6', unitPrice: '0.0010' },
        { kind: 'CHARGE', code: 'POST', quantity: '1', unitPrice: '18.00' },
      ],
    });
  });
});

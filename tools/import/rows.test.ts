import { describe, expect, it } from 'vitest';
import { findColumns } from './columns.ts';
import { isRefusal, readRow } from './rows.ts';

const header = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
];
const columns = findColumns(header, new Map());

const good = {
  InvoiceNo: '536365',
  StockCode: '85123A',
  Description: 'WHITE HANGING HEART T-LIGHT HOLDER',
  Quantity: '6',
  InvoiceDate: '2010-12-01 08:26:00',
  UnitPrice: '2.55',
  CustomerID: '17850.0',
  Country: 'United Kingdom',
};

const read = (changes: Partial<typeof good>) => {
  const values = Object.values({ ...good, ...changes });
  return readRow({ line: 2, values }, columns);
};

describe('a row', () => {
  it('becomes a line of an invoice', () => {
    expect(read({})).toEqual({
      invoice: '536365',
      customer: '17850',
      placedAt: { local: '2010-12-01T08:26:00', offset: '' },
      code: '85123A',
      description: 'WHITE HANGING HEART T-LIGHT HOLDER',
      quantity: '6',
      unitPrice: '2.55',
      country: 'United Kingdom',
      name: '',
      email: '',
    });
  });

  it.each([
    ['17850.0', '17850'],
    ['17850', '17850'],
    [' 17850.00 ', '17850'],
    ['17850.5', '17850.5'],
    ['A-17.0', 'A-17.0'],
  ])('of customer %j is of customer %j', (CustomerID, customer) => {
    expect(read({ CustomerID })).toMatchObject({ customer });
  });

  it.each([
    ['0.001', '0.001'],
    ['1.2500', '1.2500'],
    ['0', '0'],
    ['.5', '0.5'],
    ['12.', '12'],
    ['+3', '3'],
  ])('of price %s keeps all decimals: %s', (UnitPrice, unitPrice) => {
    expect(read({ UnitPrice })).toMatchObject({ unitPrice });
  });

  it('may have neither description nor country', () => {
    expect(read({ Description: '', Country: '' })).toMatchObject({ description: '', country: '' });
  });

  it.each([
    [{ CustomerID: '' }, 'no customer'],
    [{ CustomerID: '  ' }, 'no customer'],
    [{ InvoiceNo: '' }, 'no invoice'],
    [{ StockCode: '' }, 'no code'],
    [{ Quantity: 'six' }, 'unreadable quantity'],
    [{ Quantity: '' }, 'unreadable quantity'],
    [{ Quantity: '-' }, 'unreadable quantity'],
    [{ Quantity: '1,000' }, 'unreadable quantity'],
    [{ Quantity: '0.0' }, 'quantity of zero'],
    [{ UnitPrice: '1e3' }, 'unreadable price'],
    [{ UnitPrice: '£2.55' }, 'unreadable price'],
    [{ UnitPrice: '-11062.06' }, 'negative price'],
    [{ InvoiceDate: '12/1/2010 8:26' }, 'unreadable time'],
    [{ InvoiceDate: '' }, 'unreadable time'],
  ])('with %j is refused: %s', (changes, reason) => {
    const row = read(changes);
    expect(isRefusal(row)).toBe(true);
    expect(row).toMatchObject({ reason });
  });

  it('says the value that cannot be read and how to write it', () => {
    expect(read({ Quantity: 'six' })).toMatchObject({
      detail: '"six" is not a quantity: write it as 6 or -1',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { findColumns } from './columns.ts';

const uci = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
];
const uciColumns = {
  invoice: 0,
  code: 1,
  description: 2,
  quantity: 3,
  placedAt: 4,
  unitPrice: 5,
  customer: 6,
  country: 7,
};

describe('findColumns', () => {
  it('knows the columns of the UCI file, whatever their case', () => {
    expect(findColumns(uci, new Map())).toEqual(uciColumns);
    expect(
      findColumns(
        uci.map((name) => ` ${name.toUpperCase()} `),
        new Map(),
      ),
    ).toEqual(uciColumns);
  });

  it("knows the fields' own names, in any order", () => {
    const header = ['email', 'placedAt', 'customer', 'unitPrice', 'quantity', 'code', 'invoice', 'name'];
    expect(findColumns(header, new Map())).toEqual({
      email: 0,
      placedAt: 1,
      customer: 2,
      unitPrice: 3,
      quantity: 4,
      code: 5,
      invoice: 6,
      name: 7,
    });
  });

  it('prefers the column that is mapped', () => {
    const header = [...uci, 'Client Ref'];
    expect(findColumns(header, new Map([['customer', 'client ref']]))).toEqual({
      ...uciColumns,
      customer: 8,
    });
  });

  it('refuses a mapped column that is not there, and names those that are', () => {
    expect(() => findColumns(uci, new Map([['customer', 'Client']]))).toThrow(
      `there is no column "Client"; the file has ${uci.join(', ')}`,
    );
  });

  it('refuses a file without a needed column, and says how to map it', () => {
    expect(() => findColumns(uci.slice(0, 6), new Map())).toThrow(
      /no column holds the customer: say which with --map COLUMN=customer; the file has InvoiceNo, /,
    );
  });

  it('refuses to choose between two columns of the mapped name', () => {
    expect(() => findColumns([...uci, 'Ref', 'ref'], new Map([['customer', 'Ref']]))).toThrow(
      'two columns are called "Ref"',
    );
  });
});

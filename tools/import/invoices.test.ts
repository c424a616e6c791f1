import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findColumns } from './columns.ts';
import type { CsvRow } from './csv.ts';
import { gather, type Invoice, survey } from './invoices.ts';

const header = ['invoice', 'code', 'quantity', 'placedAt', 'unitPrice', 'customer', 'country', 'name'];
const columns = findColumns(header, new Map());
const london = 'Europe/London';

type Fields = {
  invoice: string;
  code: string;
  placedAt: string;
  customer: string;
  country: string;
  name: string;
};
const usual: Fields = {
  invoice: '1',
  code: 'A',
  placedAt: '2011-02-01 11:19',
  customer: '7',
  country: 'France',
  name: '',
};

const toRows = (rows: Partial<Fields>[]): CsvRow[] =>
  rows.map((row, index) => {
    const { invoice, code, placedAt, customer, country, name } = { ...usual, ...row };
    return { line: index + 2, values: [invoice, code, '1', placedAt, '1.00', customer, country, name] };
  });

async function* stream(rows: CsvRow[]) {
  yield* rows;
}

async function readTwice(rows: CsvRow[]) {
  const found = await survey(stream(rows), columns, london);
  const invoices: Invoice[] = [];
  const refused: { line: number; reason: string }[] = [];
  const onRefused = async (row: CsvRow, { reason }: { reason: string }) => {
    refused.push({ line: row.line, reason });
  };
  for await (const invoice of gather(stream(rows), columns, found, onRefused)) invoices.push(invoice);
  return { found, invoices, refused };
}

describe('the two readings', () => {
  it('give every invoice once with all its lines in their order, however the lines are mixed', async () => {
    const numbers = fc.array(fc.constantFrom('1', '2', '3', 'C4'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(numbers, async (invoiceNumbers) => {
        const rows = toRows(invoiceNumbers.map((invoice, index) => ({ invoice, code: `line ${index}` })));
        const { invoices, refused } = await readTwice(rows);
        expect(refused).toEqual([]);
        const expected = Map.groupBy(rows, ({ values }) => values[0]);
        expect(invoices).toHaveLength(expected.size);
        for (const { number, rows } of invoices) expect(rows).toEqual(expected.get(number));
      }),
    );
  });

  it('keep identical lines', async () => {
    const { invoices } = await readTwice(toRows([{}, {}, {}]));
    expect(invoices[0]?.lines).toHaveLength(3);
  });

  it('take the earliest line for the time of the invoice, and the latest invoice for that of the file', async () => {
    const { found, invoices } = await readTwice(
      toRows([
        { placedAt: '2011-02-01 11:20' },
        { placedAt: '2011-02-01 11:19' },
        { invoice: '2', placedAt: '2011-03-01 09:00' },
        { invoice: '2', placedAt: '2011-03-02 09:00' },
      ]),
    );
    expect(invoices.map(({ placedAt }) => placedAt.local)).toEqual([
      '2011-02-01T11:19:00',
      '2011-03-01T09:00:00',
    ]);
    expect(found.latest?.local).toBe('2011-03-01T09:00:00');
  });

  it('refuse a row that cannot be read and take the rest of its invoice, also when it is the last row', async () => {
    const { invoices, refused, found } = await readTwice(
      toRows([{}, { placedAt: 'soon' }, {}, { customer: '', placedAt: '2030-01-01' }]),
    );
    expect(invoices.map(({ lines }) => lines.length)).toEqual([2]);
    expect(refused).toEqual([
      { line: 3, reason: 'unreadable time' },
      { line: 5, reason: 'no customer' },
    ]);
    expect(found.latest?.local).toBe('2011-02-01T11:19:00');
  });

  it("refuse a row that names another customer than its invoice's first, and do not add that customer", async () => {
    const { invoices, refused, found } = await readTwice(
      toRows([{}, { customer: '8' }, {}, { customer: '8' }]),
    );
    expect(invoices.map(({ customer, lines }) => [customer, lines.length])).toEqual([['7', 2]]);
    expect(refused.map(({ reason }) => reason)).toEqual([
      "another customer's invoice",
      "another customer's invoice",
    ]);
    expect([...found.customers.keys()]).toEqual(['7']);
  });

  it('keep the first country and name of a customer and note other countries once', async () => {
    const { found } = await readTwice(
      toRows([
        { customer: '7.0', country: '' },
        { country: 'Cyprus', name: 'Ada' },
        { invoice: '2', country: 'Austria', name: 'Bob' },
        { invoice: '3', country: 'Austria' },
      ]),
    );
    expect(found.customers.get('7')).toEqual({
      id: '7',
      country: 'Cyprus',
      name: 'Ada',
      email: '',
      otherCountries: new Set(['Austria']),
      since: expect.objectContaining({ offset: '' }),
    });
  });

  it('find nothing in a file without rows', async () => {
    const { found, invoices } = await readTwice([]);
    expect(found.latest).toBeUndefined();
    expect(invoices).toEqual([]);
  });

  it('stop when the file has changed between them', async () => {
    const found = await survey(stream(toRows([{}])), columns, london);
    const invoices = gather(stream(toRows([{}, { invoice: '2' }])), columns, found, async () => {});
    const readOn = async () => {
      for await (const _ of invoices);
    };
    await expect(readOn()).rejects.toThrow('line 3 has changed since the file was first read');
  });
});

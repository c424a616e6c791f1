import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../client/api.ts';
import type { ImportOptions } from './args.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';
import { importOrders } from './import-orders.ts';
import { toText } from './report.ts';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

let folder: string;
let fake: FakeApi;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  fake = await startFakeApi();
});
afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true });
});

const rejectedFile = () => join(folder, 'rejected.csv');

let runs = 0;
function run(
  rows: readonly string[],
  options: Partial<ImportOptions> = {},
  head = header,
  today = '2026-11-25',
) {
  const file = join(folder, 'sales.csv');
  writeFileSync(file, [head, ...rows].join('\n'));
  const silent = { start: () => {}, advance: () => {}, stop: () => {} };
  return importOrders(
    {
      file,
      source: 'uci',
      currency: 'GBP',
      timezone: 'Europe/London',
      columns: new Map(),
      charges: new Set(['POST', 'M', 'D', 'C2']),
      consents: [],
      products: false,
      rejectedFile: rejectedFile(),
      concurrency: 4,
      ...options,
    },
    {
      connect: async () =>
        createApi({ url: fake.url, token: async () => 't', attempts: 8, wait: async () => {} }),
      progress: silent,
      run: `run-${++runs}`,
      today,
    },
  );
}

const rows = [
  '536365,85123A,T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
  '536366,22633,HAND WARMER,6,2010-12-01 08:28:00,1.85,17850,EIRE',
  '536365,85123A,T-LIGHT HOLDER,6,2010-12-01 08:25:00,2.55,17850.0,United Kingdom',
  '536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom',
  'C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,Channel Islands',
];

/** Rows of so many invoices of seven lines each, the lines of five invoices shuffled together. */
function manyRows(invoices: number): string[] {
  const lines = Array.from({ length: invoices * 7 }, (_, index) => {
    const invoice = Math.floor(index / 35) * 5 + (index % 5);
    return `${1000 + invoice},A${index},THING,1,2011-03-0${1 + (invoice % 9)} 10:00:00,1.01,${invoice % 37}.0,France`;
  });
  return lines;
}

describe('an import', () => {
  it('adds customers once and places each invoice with all its lines', async () => {
    const summary = await run(rows);
    expect(summary).toMatchObject({
      lines: { read: 5, taken: 4, refused: 1 },
      refusedBecause: { 'no customer': 1 },
      customers: { created: 2, found: 0, refused: 0 },
      invoices: { created: 3, found: 0, refused: 0, returns: 1 },
      totals: [{ amount: '14.20', currency: 'GBP' }],
      otherCountries: [{ customer: '17850', first: 'United Kingdom', other: 'EIRE' }],
      unknownCountries: { 'Channel Islands': 1 },
      rejectedFile: rejectedFile(),
    });
    expect(fake.customers.get('17850')).toMatchObject({
      kind: 'COMPANY',
      name: 'Customer 17850',
      identities: [{ kind: 'EXTERNAL_ID', value: '17850', source: 'uci' }],
      address: { country: 'GB' },
    });
    expect(fake.customers.get('14527')).not.toHaveProperty('address');
    expect(fake.orders.get('536365')).toMatchObject({
      customerId: 'cus_17850',
      kind: 'SALE',
      placedAt: '2010-12-01T08:25:00.000Z',
      lines: [{ code: '85123A', quantity: '6' }, { code: '85123A' }],
    });
    expect(fake.orders.get('C536379')).toMatchObject({
      kind: 'RETURN',
      lines: [{ kind: 'CHARGE', quantity: '-1' }],
    });
    expect(readFileSync(rejectedFile(), 'utf8')).toBe(
      `line,reason,${header}\n5,no customer: the row names no customer,${rows[3]}\n`,
    );
  });

  it('says of everything that it is imported', async () => {
    await run(rows, { consents: [{ purpose: 'SERVICE', basis: 'CONTRACT' }] });
    const facts = [...fake.customers.values(), ...fake.orders.values(), ...fake.consents.values()];
    expect(facts).toHaveLength(7);
    expect(facts.every(({ via }) => via === 'IMPORT')).toBe(true);
  });

  it('records for each customer what all granted, at the earliest invoice, and once', async () => {
    const consents = [
      { purpose: 'SERVICE', basis: 'CONTRACT' },
      { purpose: 'MARKETING', basis: 'LEGITIMATE_INTERESTS' },
    ] as const;
    const summary = await run(rows, { consents, shiftDatesTo: '2011-12-01' });
    expect(summary.consents).toEqual({ recorded: 4, refused: 0, refusedBecause: {} });
    expect(fake.consents.get('cus_17850 uci/SERVICE/CONTRACT 2011-12-01T08:25:00.000Z')).toEqual({
      clientRequestId: 'uci/SERVICE/CONTRACT',
      customerId: 'cus_17850',
      purpose: 'SERVICE',
      state: 'GRANTED',
      basis: 'CONTRACT',
      proof: 'sales.csv, imported 2026-11-25',
      statedAt: '2011-12-01T08:25:00.000Z',
      via: 'IMPORT',
    });

    const before = structuredClone([...fake.consents]);
    const again = await run(rows, { consents, shiftDatesTo: '2011-12-01' }, header, '2026-11-26');
    expect(again.consents).toEqual(summary.consents);
    expect([...fake.consents]).toEqual(before);
  });

  it('counts consents that the API refuses, and takes the rest', async () => {
    fake.faults.onConsent = ({ customerId }) =>
      customerId === 'cus_14527' ? { code: 'CUSTOMER.CONSENT_LIMIT', message: 'too many' } : undefined;
    const summary = await run(rows, { consents: [{ purpose: 'SERVICE', basis: 'CONTRACT' }] });
    expect(summary.consents).toEqual({
      recorded: 1,
      refused: 1,
      refusedBecause: { 'CUSTOMER.CONSENT_LIMIT: too many': 1 },
    });
    expect(toText(summary)).toContain(
      'Consents   1 recorded or there already, 1 refused\n  CUSTOMER.CONSENT_LIMIT: too many: 1',
    );
  });

  it('records the products of the lines by their first description when that is asked for', async () => {
    const more = '536367,22139,CAKE STAND,1,2010-12-01 12:00:00,1,17850,EIRE';
    const summary = await run([...rows, more], { products: true });
    expect(summary.products).toEqual({ recorded: 3, refused: 0, refusedBecause: {} });
    expect([...fake.products.values()]).toEqual([
      { source: 'uci', code: '85123A', name: 'T-LIGHT HOLDER' },
      { source: 'uci', code: '22633', name: 'HAND WARMER' },
      { source: 'uci', code: '22139', name: 'CAKE STAND' },
    ]);
    expect((await run(rows)).products).toBeNull();
  });

  it('changes nothing when it is run again', async () => {
    const first = await run(manyRows(50));
    const before = structuredClone([...fake.orders, ...fake.customers]);
    const second = await run(manyRows(50));
    expect(second).toMatchObject({
      customers: { created: 0, found: 37, refused: 0 },
      invoices: { created: 0, found: 50, refused: 0 },
      totals: first.totals,
    });
    expect([...fake.orders, ...fake.customers]).toEqual(before);
  });

  it('goes on when it is run again after it was stopped in the middle', async () => {
    await run(manyRows(500));
    const whole = { customers: [...fake.customers.values()], orders: new Map(fake.orders) };
    await fake.close();

    fake = await startFakeApi();
    fake.faults.onRequest = (count) => (count > 3 ? 'cut' : undefined);
    await expect(run(manyRows(500), { concurrency: 1 })).rejects.toThrow(/does not answer.*tried 8 times/);
    expect(fake.orders.size).toBeGreaterThan(0);
    expect(fake.orders.size).toBeLessThan(500);

    delete fake.faults.onRequest;
    const before = fake.orders.size;
    const summary = await run(manyRows(500));
    expect(summary.invoices).toMatchObject({ created: 500 - before, found: before });
    expect(summary.totals).toEqual([{ amount: '3535.00', currency: 'GBP' }]);
    expect(new Map([...fake.orders].sort())).toEqual(new Map([...whole.orders].sort()));
    expect(fake.customers.size).toBe(whole.customers.length);
  });

  it('counts a customer once as created when the answer was lost on the way', async () => {
    let lost = false;
    fake.faults.onRequest = (count) => {
      lost ||= count === 2;
      return count === 2 ? { status: 502, body: {} } : undefined;
    };
    const summary = await run(manyRows(50));
    expect(lost).toBe(true);
    expect(summary).toMatchObject({
      customers: { created: 37, found: 0 },
      invoices: { created: 50, found: 0 },
    });
  });

  it('gets through when every third request fails', async () => {
    fake.faults.onRequest = (count) => (count % 3 === 0 ? 'cut' : undefined);
    const summary = await run(manyRows(1000));
    expect(summary.invoices).toMatchObject({ created: 1000, refused: 0 });
    expect(fake.orders.size).toBe(1000);
  });

  it('sends batches within their bounds and no more at the same time than asked', async () => {
    const large = Array.from({ length: 1600 }, (_, n) => `9,A${n},,1,2011-03-01 10:00:00,1,7,France`);
    await run([...manyRows(700), ...large], { concurrency: 2 });
    expect(fake.batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(701);
    for (const { rows, lines } of fake.batches) {
      expect(rows).toBeLessThanOrEqual(100);
      expect(lines <= 1500 || rows === 1).toBe(true);
    }
    expect(fake.mostAtOnce()).toBe(2);
  });

  it('refuses all lines of an invoice that the API refuses, with its message, and takes the others', async () => {
    fake.faults.onOrder = ({ externalId }) =>
      externalId === '536365' ? { code: 'INPUT.INVALID', message: 'placedAt: too early' } : undefined;
    const summary = await run(rows);
    expect(summary).toMatchObject({
      lines: { read: 5, taken: 2, refused: 3 },
      refusedBecause: { 'INPUT.INVALID': 2, 'no customer': 1 },
      invoices: { created: 2, refused: 1 },
    });
    const rejected = readFileSync(rejectedFile(), 'utf8').split('\n');
    const reason = 'INPUT.INVALID: invoice 536365 was refused: placedAt: too early';
    expect(rejected).toContain(`2,${reason},${rows[0]}`);
    expect(rejected).toContain(`4,${reason},${rows[2]}`);
  });

  it('says that an order is there with other content, as after another shift of dates', async () => {
    await run(rows);
    const summary = await run(rows, { shiftDatesTo: '2012-01-01' });
    expect(summary.invoices).toMatchObject({ created: 0, found: 0, refused: 3 });
    expect(summary.refusedBecause).toMatchObject({ 'ORDER.EXTERNAL_ID_TAKEN': 4 });
  });

  it('moves all dates by the same days, to the latest invoice, and keeps the time of day over summer', async () => {
    const summer = '536999,A,,1,2011-07-01 08:00:00,1,7,France';
    const summary = await run([...rows, summer], { shiftDatesTo: '2026-01-31' });
    expect(summary.shiftedDays).toBe(5328);
    expect(fake.orders.get('536999')?.placedAt).toBe('2026-01-31T08:00:00.000Z');
    expect(fake.orders.get('536366')?.placedAt).toBe('2025-07-03T07:28:00.000Z');
  });

  it('takes names and e-mail addresses where there are columns for them; the customers are people then', async () => {
    const head = `${header},Client,Mail`;
    const named = [
      '1,A,,1,2011-03-01,1,7,France,,',
      '1,B,,1,2011-03-01,1,7,France,Ada Byron,ada@example.com',
    ];
    const columns = new Map([
      ['name', 'client'],
      ['email', 'Mail'],
    ] as const);
    await run(named, { columns }, head);
    expect(fake.customers.get('7')).toMatchObject({
      kind: 'PERSON',
      name: 'Ada Byron',
      identities: [{ kind: 'EXTERNAL_ID' }, { kind: 'EMAIL', value: 'ada@example.com' }],
    });
    expect(await run(named, { columns }, head)).toMatchObject({ customers: { created: 0, found: 1 } });
  });

  it("refuses a customer whose e-mail address is another's, and only that one's lines", async () => {
    const head = `${header},Email`;
    const shared = [
      '1,A,,1,2011-03-01,1,7,France,ada@example.com',
      '2,A,,1,2011-03-01,1,8,France,bob@example.com',
      '3,A,,1,2011-03-01,1,9,France,ada@example.com',
    ];
    const summary = await run(shared, { customerKind: 'COMPANY' }, head);
    expect(summary).toMatchObject({
      customers: { created: 2, refused: 1 },
      invoices: { created: 2, refused: 1 },
      refusedBecause: { 'CUSTOMER.EMAIL_TAKEN': 1 },
    });
    expect(fake.customers.get('7')?.kind).toBe('COMPANY');
  });

  it.each([
    ['an unclosed quote at the end', [...rows, '1,"A'], header, /Quote Not Closed/],
    ['a row of another width at the end', [...rows, '1,2,3'], header, /expect 8, got 3 on line 7/],
    ['a missing column', rows, header.replace('CustomerID', 'Client'), /no column holds the customer/],
    ['an empty file', [], '', /sales.csv is empty/],
  ])('refuses %s before anything is sent', async (_, content, head, message) => {
    await expect(run(content, {}, head)).rejects.toMatchObject({
      name: 'WrongInput',
      message: expect.stringMatching(message),
    });
    expect(fake.requests()).toBe(0);
  });

  it('has nothing to do for a file of a header only', async () => {
    expect(await run([])).toMatchObject({ lines: { read: 0 }, invoices: { created: 0 }, rejectedFile: null });
    expect(fake.requests()).toBe(0);
  });
});

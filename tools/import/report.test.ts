import { describe, expect, it } from 'vitest';
import { countOrder, countRefused, emptySummary, toText } from './report.ts';

const order = (created: boolean, kind: 'SALE' | 'RETURN', amount: string, currency = 'GBP') => ({
  index: 0,
  created,
  order: { kind, total: { amount, currency } },
});

describe('the summary', () => {
  it('adds up orders exactly, by currency', () => {
    const summary = emptySummary();
    countOrder(summary, order(true, 'SALE', '0.10'), 2);
    countOrder(summary, order(false, 'SALE', '0.20'), 1);
    countOrder(summary, order(true, 'RETURN', '-1000000000000.35'), 1);
    countOrder(summary, order(true, 'SALE', '500', 'JPY'), 1);
    expect(summary).toMatchObject({
      lines: { taken: 5 },
      invoices: { created: 3, found: 1, refused: 0, returns: 1 },
      totals: [
        { amount: '-1000000000000.05', currency: 'GBP' },
        { amount: '500', currency: 'JPY' },
      ],
    });
  });

  it('is written for people', () => {
    const summary = emptySummary();
    summary.lines.read = 541_909;
    for (let i = 0; i < 1080; i++) countRefused(summary, 'no customer');
    countOrder(summary, order(true, 'SALE', '8300065.81'), 406_829);
    summary.customers.created = 4372;
    summary.otherCountries.push({ customer: '12431', first: 'Australia', other: 'Belgium' });
    summary.unknownCountries['Channel Islands'] = 9;
    summary.shiftedDays = 5462;
    summary.rejectedFile = 'x.rejected.csv';
    summary.seconds = 48.26;
    summary.peakMemoryMb = 240;
    expect(toText(summary)).toBe(
      [
        'Lines      541,909 read, 406,829 taken, 1,080 refused',
        '  no customer: 1,080',
        'Customers  4,372 created, 0 there already, 0 refused',
        'Invoices   1 created, 0 there already, 0 refused; 0 are returns',
        'Total      8,300,065.81 GBP',
        'Dates      moved by 5,462 days',
        'Customers with a second country; the first was kept',
        '  12431: Australia, not Belgium',
        'Not a country, so left out',
        '  Channel Islands: 9 customers',
        'Refused lines are in x.rejected.csv',
        '48.3 s, 240 MB at most',
      ].join('\n'),
    );
  });

  it('is short when there is nothing to say', () => {
    expect(toText(emptySummary()).split('\n')).toHaveLength(5);
  });
});

import { describe, expect, test } from 'vitest';
import type { RateFigures } from './figures.ts';
import type { WayFigures } from './latencies.ts';
import { toMarkdown } from './report.ts';

const way = (changes: Partial<WayFigures> = {}): WayFigures => ({
  interactions: 1000,
  p50: 12.34,
  p99: 56.78,
  onTheWay: 1,
  neverCame: 0,
  grows: false,
  ...changes,
});

const rate = (changes: Partial<RateFigures> = {}): RateFigures => ({
  asked: 50,
  reached: 49.96,
  errors: 0,
  firstError: undefined,
  answered: { interactions: 1000, p50: 6, p99: 15, grows: false },
  ways: { consumer: way(), score: way({ interactions: 100 }), subscriber: way(), partner: way() },
  busy: 0.234,
  ...changes,
});

const report = (...rates: RateFigures[]) =>
  toMarkdown({
    arguments: { rates: [50], seconds: 20, customers: 1000, jsonFile: undefined, record: false },
    machine: 'Node 24 on 2 × Something, 8 GiB',
    measuredOn: '2026-11-22',
    rates,
  });

describe('the report', () => {
  test('has a row for the answer and for each place', () => {
    const text = report(rate());
    expect(text).toContain('Measured on 2026-11-22 with Node 24 on 2 × Something, 8 GiB. 1,000 customers;');
    expect(text).toContain('| 50 | 50.0 | the mutation is answered | 1000 | 6.0 | 15.0 |  |  | 0 |');
    expect(text).toContain('|  |  | it is in the score | 100 | 12.3 | 56.8 | 1 | 0 |  |');
    expect(text.match(/\| 12\.3 \| 56\.8 \|/g)).toHaveLength(4);
    expect(text).toContain('busy 23 % of the time at 50 a second');
    expect(text).not.toContain('does not keep up');
  });

  test('tells what is lost, and errors', () => {
    const ways = { ...rate().ways, partner: way({ p99: Number.POSITIVE_INFINITY, neverCame: 20 }) };
    const text = report(rate({ errors: 3, ways }));
    expect(text).toContain('| its copy is at the partner | 1000 | 12.3 | never | 1 | 20 |  |');
    expect(text).toContain('|  |  | 3 |');
  });

  test('says of a growing queue that it is one', () => {
    const ways = { ...rate().ways, score: way({ grows: true }), partner: way({ grows: true }) };
    const text = report(rate(), rate({ asked: 500, ways }));
    expect(text).toContain(
      '**At 500 a second the stack does not keep up.** The times until it is in the score, until its copy is at the partner are',
    );
    expect(text).not.toContain('At 50 a second the stack');
  });

  test('says when even the requests have to wait', () => {
    const text = report(rate({ answered: { ...rate().answered, grows: true } }));
    expect(text).toContain('The times until the mutation is answered are those of a growing queue');
  });
});

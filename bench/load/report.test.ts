import { describe, expect, test } from 'vitest';
import { toMarkdown } from './report.ts';
import type { BenchFigures, CaseFigures } from './run.ts';

const path = { perSecond: 1234.4, p50: 12.34, p95: 23.45, p99: 56.78, errors: 0, processorMs: 1.5 };

const read: CaseFigures = {
  store: 'durable',
  name: 'customer 360',
  connections: 16,
  requestPath: path,
  inAll: { perSecond: path.perSecond, processorMs: path.processorMs, drainSeconds: 0 },
  meanwhile: path,
};

const write: CaseFigures = {
  ...read,
  name: 'log an interaction',
  connections: 64,
  requestPath: { ...path, errors: 3 },
  inAll: { perSecond: 400, processorMs: 4.25, drainSeconds: 7.06 },
  meanwhile: { ...path, perSecond: 500, p50: 30, p99: 99 },
};

const loading = { seconds: 12.34, processorSeconds: 15, drainSeconds: 20, processorSecondsInAll: 40.06 };

const report = (
  cases: readonly CaseFigures[],
  stores: BenchFigures['stores'][number]['store'][],
  customers = 10_000,
) =>
  toMarkdown({
    arguments: {
      ...{ customers, connections: [16, 64], seconds: 10, warmUpSeconds: 2, rounds: 3 },
      ...{ cases: [], stores, jsonFile: undefined, record: false },
    },
    floor: { overHttp: 0.5, withoutNetwork: 0.25 },
    stores: stores.map((store) => ({ store, loading, memoryMiB: 432.1, memoryAtRestMiB: 321.4 })),
    cases,
  });

describe('the report', () => {
  test('says where and how it was measured, and what the SDK alone takes', () => {
    const text = report([read], ['durable']);

    expect(text).toMatch(/^Measured on \d{4}-\d\d-\d\d with Node .+ GiB\. 3 rounds; medians\.\n/);
    expect(text).toContain('0.50 ms of processor time for a call over loopback HTTP, and 0.25 ms without');
    expect(text).toContain(
      '10,000 customers with 5 interactions and an order each came in through the API in 12.3 s',
    );
    expect(text).toContain(
      'took 20.0 s more (40.1 s of processor time in all). It then had 432 MiB (PSS), and 321 MiB',
    );
  });

  test('has a row for each operation, with its processor time as a multiple of what the SDK takes', () => {
    const text = report([read, write], ['durable']);

    expect(text).toContain('| customer 360 | 16 | 1234 | 12.3 | 23.4 | 56.8 | 0 | 1.50 | 3.0 |');
    expect(text).toContain('| log an interaction | 64 | 1234 | 12.3 | 23.4 | 56.8 | 3 | 1.50 | 3.0 |');
  });

  test('has the whole of what writes, and of nothing else', () => {
    const [, whole = ''] = report([read, write], ['durable']).split('The whole of what writes');

    expect(whole).toContain('| log an interaction | 64 | 400 | 4.25 | 7.1 | 500 | 30.0 | 99.0 |');
    expect(whole).not.toContain('customer 360');
  });

  test('keeps the figures of both stacks apart', () => {
    const memory: CaseFigures = { ...read, store: 'memory', connections: 8 };
    const [durable = '', inMemory = ''] = report([read, memory], ['durable', 'memory']).split(
      '### With `--memory`',
    );

    expect(durable).toContain('### As `npm start` gives it');
    expect(durable).toContain('| customer 360 | 16 |');
    expect(durable).not.toContain('| customer 360 | 8 |');
    expect(inMemory).toContain('| customer 360 | 8 |');
    expect(inMemory).not.toContain('| customer 360 | 16 |');
  });

  test('says of more customers than come in through the API how many are copies', () => {
    const text = report([read], ['durable'], 1_000_000);

    expect(text).toContain('### With 1,000,000 customers');
    expect(text).toContain('Of 1,000,000 customers, 10,000 with 5 interactions and an order each came in');
  });
});

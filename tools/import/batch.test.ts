import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBatches, type RowResult, sendRows } from './batch.ts';

const collect = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

describe('inBatches', () => {
  it('keeps rows and their order, within both bounds but for a row that is too heavy alone', async () => {
    const weights = fc.array(fc.integer({ min: 1, max: 30 }));
    await fc.assert(
      fc.asyncProperty(weights, async (rows) => {
        const batches = await collect(inBatches(rows, { rows: 4, weight: 20 }, (weight) => weight));
        expect(batches.flat()).toEqual(rows);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(4);
          const weight = batch.reduce((sum, row) => sum + row, 0);
          expect(weight <= 20 || batch.length === 1).toBe(true);
        }
      }),
    );
  });
});

describe('sendRows', () => {
  const noWait = async () => {};
  const busy = { code: 'CUSTOMER.BUSY', message: 'busy' };

  it('sends again only the rows that were busy, and puts each result where its row was', async () => {
    const sent: string[][] = [];
    const results = await sendRows(
      ['a', 'b', 'c'],
      async (rows) => {
        sent.push([...rows]);
        const first = sent.length === 1;
        return rows
          .map((row, index) => ({ index, row, ...(first && row !== 'b' ? { error: busy } : {}) }))
          .reverse();
      },
      noWait,
    );
    expect(sent).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c'],
    ]);
    expect(results.map(({ row, error }) => [row, error])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined],
    ]);
  });

  it('gives up after a while and lets the last error stand', async () => {
    let times = 0;
    const results = await sendRows(['a'], async () => [{ index: 0, error: busy, time: ++times }], noWait);
    expect(results).toEqual([{ index: 0, error: busy, time: 6 }]);
  });

  it('does not send again what was refused for good', async () => {
    let times = 0;
    const error = { code: 'INPUT.INVALID', message: 'no' };
    await sendRows(['a'], async () => [{ index: 0, error, time: ++times }], noWait);
    expect(times).toBe(1);
  });

  it('fails when the API leaves rows out', async () => {
    await expect(
      sendRows(['a', 'b'], async (): Promise<RowResult[]> => [{ index: 0 }], noWait),
    ).rejects.toThrow('the API answered for 1 of 2 rows');
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../domain/errors.ts';
import { eachRow, inTurn } from './batch.ts';

const refuse = (row: number) => Promise.reject(new Refusal('INPUT.INVALID', `${row} is odd`, { value: row }));

describe('eachRow', () => {
  test('gives a result a row, in the order of the rows, whichever is done first', async () => {
    const rows = fc.array(fc.nat(1000), { minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), rows, async (scheduler, numbers) => {
        const handle = scheduler.scheduleFunction(async (row: number) =>
          row % 2 === 0 ? { half: row / 2 } : refuse(row),
        );

        const { results } = await scheduler.waitFor(eachRow(numbers, handle));

        expect(results).toEqual(
          numbers.map((row, index) =>
            row % 2 === 0
              ? { index, half: row / 2 }
              : {
                  index,
                  error: { code: 'INPUT.INVALID', message: `${row} is odd`, info: { value: row } },
                },
          ),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('works on 16 rows at a time at most', async () => {
    let busy = 0;
    let most = 0;

    await eachRow(Array(100).fill(0), async () => {
      most = Math.max(most, ++busy);
      await new Promise(setImmediate);
      busy--;
      return {};
    });

    expect(most).toBe(16);
  });

  test.each([0, 101])('refuses %i rows', async (count) => {
    await expect(eachRow(Array(count).fill(0), async () => ({}))).rejects.toMatchObject({
      code: 'BATCH.SIZE',
      info: { value: count },
    });
  });

  test('a row that fails unexpectedly can be sent again, and does not tell why; the others are done', async () => {
    const { results } = await eachRow([1, 2], async (row) => {
      if (row === 1) throw new Error('the table is gone');
      return { row };
    });

    expect(results).toMatchObject([
      { index: 0, error: { code: 'INTERNAL' } },
      { index: 1, row: 2 },
    ]);
    expect(JSON.stringify(results)).not.toContain('table');
  });
});

describe('inTurn', () => {
  test('handles rows of a key one after another, even after a refusal, and other rows meanwhile', async () => {
    const done: number[] = [];
    const busy = new Map<number, number>();
    let most = 0;
    const handle = inTurn(
      (row: number) => `${row % 3}`,
      async (row) => {
        const ofKey = (busy.get(row % 3) ?? 0) + 1;
        busy.set(row % 3, ofKey);
        most = Math.max(most, ofKey);
        await new Promise(setImmediate);
        busy.set(row % 3, ofKey - 1);
        done.push(row);
        return row % 2 === 0 ? { row } : refuse(row);
      },
    );

    const { results } = await eachRow([...Array(30).keys()], handle);

    expect(most).toBe(1);
    expect(results.map((result) => 'error' in result)).toEqual(results.map((_, row) => row % 2 === 1));
    expect(done.filter((row) => row % 3 === 0)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  });
});

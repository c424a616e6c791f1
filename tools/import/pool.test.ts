import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withPool } from './pool.ts';

describe('withPool', () => {
  it('runs so many tasks at the same time and no more, and waits for all', async () => {
    let [running, most, done] = [0, 0, 0];
    await withPool(3, async (start) => {
      for (let i = 0; i < 10; i++) {
        await start(async () => {
          most = Math.max(most, ++running);
          await setImmediate();
          running--;
          done++;
        });
      }
    });
    expect({ most, done }).toEqual({ most: 3, done: 10 });
  });

  it('starts nothing more after a failure, lets the others end, and throws it', async () => {
    let [started, done] = [0, 0];
    const run = withPool(2, async (start) => {
      for (let i = 0; i < 10; i++) {
        await start(async () => {
          if (++started === 2) throw new Error('the second one');
          await setImmediate();
          done++;
        });
      }
    });
    await expect(run).rejects.toThrow('the second one');
    expect(started).toBeLessThan(10);
    expect(done).toBe(started - 1);
  });

  it('lets running tasks end when the work itself fails', async () => {
    let done = 0;
    const run = withPool(2, async (start) => {
      await start(async () => {
        await setImmediate();
        done++;
      });
      throw new Error('no more rows');
    });
    await expect(run).rejects.toThrow('no more rows');
    expect(done).toBe(1);
  });
});

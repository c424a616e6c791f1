import { expect, test } from 'vitest';
import { eachAtOnce } from './at-once.ts';

test('every item is handled once, with its place, and never more of them at once than said', async () => {
  const handled: string[] = [];
  let [under, most] = [0, 0];
  await eachAtOnce(2, ['a', 'b', 'c', 'd', 'e'], async (item, index) => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, 5 - index));
    under--;
    handled.push(`${index}${item}`);
  });

  expect(handled.toSorted()).toEqual(['0a', '1b', '2c', '3d', '4e']);
  expect(most).toBe(2);
});

test('nothing is done where there is nothing, and a failure is heard', async () => {
  await eachAtOnce(2, [], () => Promise.reject(new Error('never called')));
  await expect(eachAtOnce(2, [1, 2], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

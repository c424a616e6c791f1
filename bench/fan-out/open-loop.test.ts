import { expect, test } from 'vitest';
import { openLoop } from './open-loop.ts';

test('each is sent in order and not before it is due, whether or not there are answers', async () => {
  const sent: { n: number; early: number }[] = [];
  await openLoop({
    rate: 500,
    count: 20,
    send: (n, dueAt) => {
      sent.push({ n, early: dueAt - performance.now() });
      void new Promise(() => {});
    },
  });
  expect(sent.map(({ n }) => n)).toEqual([...Array(20).keys()]);
  expect(sent.filter(({ early }) => early > 0)).toEqual([]);
});

test('what the sender was too busy for is made up', async () => {
  let sent = 0;
  const began = performance.now();
  await openLoop({
    rate: 1000,
    count: 60,
    send: (n) => {
      sent++;
      if (n === 0) while (performance.now() - began < 50);
    },
  });
  expect(sent).toBe(60);
  expect(performance.now() - began).toBeGreaterThanOrEqual(59);
});

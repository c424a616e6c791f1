import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sendAll } from './mail.ts';

const queue = { visibilitySeconds: 180, maxReceives: 5, inFlight: 120_000 };

test('what SES takes as fast as it is tried is all sent', () => {
  expect(sendAll({ mails: 10_000, perSecond: 100, triedPerSecond: 100, queue })).toEqual({
    ...{ sent: 10_000, dead: 0, seconds: 100 },
  });
});

test('what is tried too often is a dead letter', () => {
  // All are tried in each of five seconds that lie far apart, and 50 pass each time.
  const { sent, dead } = sendAll({ mails: 1000, perSecond: 50, triedPerSecond: 1000, queue });

  expect([sent, dead]).toEqual([250, 750]);
});

test('a queue hands out no more than may be in flight, and so lets fewer die', () => {
  const few = { mails: 20_000, perSecond: 10, triedPerSecond: 1000 };

  const crowded = sendAll({ ...few, queue: { ...queue, inFlight: 1000 } });
  const free = sendAll({ ...few, queue });

  expect(crowded.seconds).toBeGreaterThan(free.seconds);
  expect(crowded.dead).toBeLessThan(free.dead);
});

test('every mail is sent or a dead letter, and none are dead when SES takes what is tried', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 500 }),
      (mails, perSecond, triedPerSecond) => {
        const { sent, dead } = sendAll({ mails, perSecond, triedPerSecond, queue });
        expect(Math.abs(sent + dead - mails)).toBeLessThanOrEqual(1);
        if (perSecond >= triedPerSecond) expect(dead).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});

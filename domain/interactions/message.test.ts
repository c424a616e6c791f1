import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claim, claimLastsMs, isAbandoned, type Message, type Report, settle, suppress } from './message.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute)).toISOString();
const draft = {
  id: 'msg_cus_1_1',
  recipientId: 'cus_1',
  customerId: 'cus_1',
  channel: 'EMAIL',
  rule: 'order',
  claimedAt: at(0),
} as const;
const claimed = claim(draft);
const told = (...reports: readonly Report[]): Message => reports.reduce(settle, claimed);

describe('a message', () => {
  test('is claimed before it is sent, and then sent', () => {
    expect(claimed).toEqual({ ...draft, state: 'CLAIMED', version: 1 });
    expect(told({ state: 'SENT', at: at(1) })).toEqual({
      ...draft,
      state: 'SENT',
      settledAt: at(1),
      version: 2,
    });
  });

  test('keeps why it was refused', () => {
    expect(told({ state: 'REFUSED', reason: 'MessageRejected', at: at(1) })).toMatchObject({
      state: 'REFUSED',
      reason: 'MessageRejected',
    });
  });

  test('of which nobody knows whether it was sent is settled by what is heard of it', () => {
    const unknown: Report = { state: 'UNKNOWN', reason: 'TimeoutError', at: at(1) };

    expect(told(unknown, { state: 'DELIVERED', at: at(2) })).toEqual({
      ...draft,
      state: 'DELIVERED',
      settledAt: at(2),
      version: 3,
    });
    expect(told({ state: 'SENT', at: at(2) }, unknown).state).toBe('SENT');
  });

  test.each<[string, readonly Report['state'][], Message['state']]>([
    ['a delivery that is heard of before the sending', ['DELIVERED', 'SENT'], 'DELIVERED'],
    ['a complaint after the delivery', ['SENT', 'DELIVERED', 'COMPLAINED'], 'COMPLAINED'],
    ['a complaint before the delivery', ['COMPLAINED', 'DELIVERED', 'SENT'], 'COMPLAINED'],
    ['a bounce after the delivery, which mail servers do', ['DELIVERED', 'BOUNCED'], 'BOUNCED'],
    ['a delivery after the bounce', ['BOUNCED', 'DELIVERED'], 'BOUNCED'],
    ['a rejection after the sending', ['SENT', 'REFUSED'], 'REFUSED'],
  ])('takes %s as what counts', (_, states, expected) => {
    expect(told(...states.map((state) => ({ state, at: at(1) }))).state).toBe(expected);
  });

  test('to an address that is not written to any more is settled at once', () => {
    const suppressed = suppress(draft);

    expect(suppressed).toMatchObject({ state: 'SUPPRESSED', settledAt: at(0), version: 1 });
    expect(settle(suppressed, { state: 'SENT', at: at(1) })).toBe(suppressed);
  });

  const report: fc.Arbitrary<Report> = fc.record(
    {
      state: fc.constantFrom('UNKNOWN', 'SENT', 'DELIVERED', 'BOUNCED', 'REFUSED', 'COMPLAINED'),
      reason: fc.constantFrom('Permanent General', 'Transient MailboxFull'),
      at: fc.nat(3).map(at),
    },
    { requiredKeys: ['state', 'at'] },
  );

  test('ends the same in whatever order and however often its reports come', () => {
    const retold = fc.array(report, { minLength: 1, maxLength: 6 }).chain((reports) =>
      fc.tuple(
        fc.constant(reports),
        fc.array(fc.nat(reports.length - 1), { maxLength: 6 }).chain((again) =>
          fc.shuffledSubarray([...reports, ...again.map((index) => reports[index] as Report)], {
            minLength: reports.length + again.length,
          }),
        ),
      ),
    );

    fc.assert(
      fc.property(retold, ([reports, repeated]) => {
        const { version: _first, settledAt: _at, ...once } = told(...reports);
        const { version: _second, settledAt: _later, ...again } = told(...repeated);
        expect(again).toEqual(once);
      }),
    );
  });

  test('is the very same object after a report that says nothing new', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1 }), (reports) => {
        const settled = told(...reports);
        for (const one of reports) expect(settle(settled, one)).toBe(settled);
      }),
    );
  });
});

describe('a claim', () => {
  const later = (ms: number) => new Date(Date.parse(draft.claimedAt) + ms).toISOString();

  test('is somebody’s work until no function can be at it any more', () => {
    expect(isAbandoned(claimed, later(claimLastsMs))).toBe(false);
    expect(isAbandoned(claimed, later(claimLastsMs + 1))).toBe(true);
  });

  test('is not abandoned once the message is settled', () => {
    expect(isAbandoned(told({ state: 'SENT', at: at(1) }), later(claimLastsMs + 1))).toBe(false);
  });
});

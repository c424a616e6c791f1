import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStage, type Stage } from './fixture.ts';

const minute = 60_000;

let stage: Stage;
let queue: string;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-25T17:30:10.500Z') });
  stage = openStage();
  queue = stage.sqs.createQueue('work').arn;
});
afterEach(() => {
  stage.events.close();
  stage.sqs.close();
  vi.useRealTimers();
});

const rule = (scheduleExpression: string, more: object = {}) => ({
  name: 'nightly',
  scheduleExpression,
  targets: [{ id: 'work', arn: queue }],
  ...more,
});

test('a rule with a cron expression sends the event of AWS when it is due, and again the next time', () => {
  stage.events.putRule(rule('cron(32 * * * ? *)'));
  stage.events.start();

  vi.advanceTimersByTime(minute);
  expect(stage.taken(queue)).toEqual([]);
  vi.advanceTimersByTime(minute);
  const [first, ...others] = stage.taken(queue);
  vi.advanceTimersByTime(60 * minute);

  expect(first).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '000000000000',
    time: '2026-11-25T17:32:00Z',
    region: 'eu-central-1',
    resources: ['arn:aws:events:eu-central-1:000000000000:rule/nightly'],
    detail: {},
  });
  expect(others).toEqual([]);
  expect(stage.taken(queue)).toMatchObject([{ time: '2026-11-25T18:32:00Z' }]);
});

test('the input of a target goes in place of the event', () => {
  stage.events.putRule(
    rule('rate(1 minute)', { targets: [{ id: 'w', arn: queue, input: '{"job":"sweep"}' }] }),
  );
  stage.events.start();

  vi.advanceTimersByTime(minute);

  expect(stage.taken(queue)).toEqual([{ job: 'sweep' }]);
});

test('nothing is due before the start, after the close, of a disabled rule and of one that was replaced', () => {
  stage.events.putRule(rule('rate(1 minute)'));
  vi.advanceTimersByTime(3 * minute);
  expect(stage.taken(queue)).toEqual([]);

  stage.events.start();
  stage.events.putRule(rule('rate(1 minute)', { state: 'DISABLED' }));
  vi.advanceTimersByTime(3 * minute);
  expect(stage.taken(queue)).toEqual([]);

  stage.events.putRule(rule('rate(1 minute)'));
  vi.advanceTimersByTime(minute);
  expect(stage.taken(queue)).toHaveLength(1);
  stage.events.close();
  vi.advanceTimersByTime(3 * minute);
  expect(stage.taken(queue)).toEqual([]);
});

test('a restart does not put a rate off', () => {
  stage.events.putRule(rule('rate(1 hour)'));
  stage.events.start();
  vi.advanceTimersByTime(50 * minute);
  stage.events.close();

  const again = openStage({ store: stage.store });
  again.events.putRule(rule('rate(1 hour)'));
  again.events.start();
  vi.advanceTimersByTime(10 * minute);

  expect(again.taken(queue)).toMatchObject([{ time: '2026-11-25T18:30:10Z' }]);
  again.events.close();
});

test('all run at once when tests say so, at the moment that they say, and again when they are due', () => {
  stage.events.putRule(rule('rate(1 minute)'));
  stage.events.putRule(rule('rate(1 minute)', { name: 'never', state: 'DISABLED' }));
  stage.events.start();

  stage.events.runSchedules(Date.parse('2027-01-01T00:00:00Z'));

  expect(stage.taken(queue)).toMatchObject([{ time: '2027-01-01T00:00:00Z' }]);
  vi.advanceTimersByTime(minute);
  expect(stage.taken(queue)).toMatchObject([{ time: '2026-11-25T17:31:10Z' }]);
});

test('what was missed while the machine slept runs once', () => {
  stage.events.putRule(rule('rate(1 minute)'));
  stage.events.start();

  vi.setSystemTime(Date.now() + 600 * minute);
  vi.advanceTimersByTime(minute);

  expect(stage.taken(queue)).toHaveLength(1);
});

test('a rule with a pattern and a schedule runs on both, and no other rule hears of its schedule', () => {
  const other = stage.sqs.createQueue('other').arn;
  stage.events.putRule({
    name: 'all',
    eventPattern: { account: ['000000000000'] },
    targets: [{ id: 'o', arn: other }],
  });
  stage.events.putRule(rule('rate(1 minute)', { eventPattern: { source: ['shop'] } }));
  stage.events.start();

  stage.put('default');
  vi.advanceTimersByTime(minute);

  expect(stage.taken(queue)).toMatchObject([{ source: 'shop' }, { source: 'aws.events' }]);
  expect(stage.taken(other)).toMatchObject([{ source: 'shop' }]);
  expect(stage.call('DescribeRule', { Name: 'nightly' })).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    EventPattern: '{"source":["shop"]}',
  });
});

test('a schedule on a bus of one’s own, a malformed one and a rule with neither are refused', () => {
  stage.events.createBus('crm');

  expect(() => stage.events.putRule(rule('rate(1 minute)', { busName: 'crm' }))).toThrow(
    'ScheduleExpression is supported only on the default event bus',
  );
  expect(() => stage.events.putRule(rule('rate(1 minutes)'))).toThrow("write '1 minute'");
  expect(() => stage.events.putRule({ name: 'none', targets: [] })).toThrow(
    'Rule none needs an EventPattern, a ScheduleExpression or both.',
  );
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AwsError } from '../aws.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import { openStore, type Store } from '../store.ts';
import type { ScheduleTarget } from './definition.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

const minute = 60_000;
const place = { region: 'eu-central-1', accountId: '000000000000' };
const queue = 'arn:aws:sqs:eu-central-1:000000000000:work';
const roleArn = 'arn:aws:iam::000000000000:role/scheduler';
const target = { Arn: queue, RoleArn: roleArn, Input: '{"remind":1}' };

let store: Store;
let scheduler: Scheduler;
let called: { target: ScheduleTarget; input: string; at: string; groupArn: string }[];
let buried: { queueArn: string; body: string; attributes: Record<string, string | undefined> }[];
let fault: AwsError | undefined;

function open(): void {
  scheduler = createScheduler({
    store,
    place,
    random: () => 0.5,
    callTarget(to, input, { groupArn }) {
      if (fault) throw fault;
      called.push({ target: to, input, at: new Date().toISOString(), groupArn });
    },
    bury(queueArn, body, attributes: MessageAttributes) {
      const texts = Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]);
      buried.push({ queueArn, body, attributes: Object.fromEntries(texts) });
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-25T17:30:10.500Z') });
  store = openStore();
  called = [];
  buried = [];
  fault = undefined;
  open();
  scheduler.start();
});
afterEach(() => {
  scheduler.close();
  vi.useRealTimers();
});

function request(method: string, url: string, body?: object) {
  const answer = scheduler.handle({
    method,
    url,
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  });
  return JSON.parse(String(answer.body));
}
const schedule = (more: object = {}) => ({
  ScheduleExpression: 'at(2026-11-25T17:32:00)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: target,
  ...more,
});
const times = () => called.map(({ at }) => at);

describe('a schedule', () => {
  test('calls its target once, at its time, and stays unless it asks to be deleted', () => {
    request('POST', '/schedules/keep', schedule());
    request('POST', '/schedules/drop', schedule({ ActionAfterCompletion: 'DELETE' }));

    vi.advanceTimersByTime(minute);
    expect(called).toEqual([]);
    vi.advanceTimersByTime(10 * minute);

    expect(called).toHaveLength(2);
    expect(called[0]).toMatchObject({
      target,
      input: '{"remind":1}',
      at: '2026-11-25T17:32:00.000Z',
      groupArn: 'arn:aws:scheduler:eu-central-1:000000000000:schedule-group/default',
    });
    expect(request('GET', '/schedules').Schedules).toMatchObject([{ Name: 'keep' }]);
  });

  test('by rate begins at once, or at its StartDate, and ends at its EndDate', () => {
    request('POST', '/schedules/now', schedule({ ScheduleExpression: 'rate(2 minutes)' }));
    vi.advanceTimersByTime(5 * minute);
    expect(times().map((at) => at.slice(14, 19))).toEqual(['30:10', '32:10', '34:10']);

    called = [];
    request('DELETE', '/schedules/now');
    const start = Date.now() / 1000 + 60;
    const bounds = { StartDate: start, EndDate: start + 121 };
    request('POST', '/schedules/later', schedule({ ScheduleExpression: 'rate(1 minute)', ...bounds }));
    vi.advanceTimersByTime(20 * minute);
    expect(called).toHaveLength(3);
  });

  test('with a flexible window calls somewhere inside of it', () => {
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 };
    request('POST', '/schedules/flexible', schedule({ FlexibleTimeWindow }));
    vi.advanceTimersByTime(20 * minute);
    expect(times()).toEqual(['2026-11-25T17:37:00.000Z']);
  });

  test('puts the context of the run into its input, and without one sends the event of AWS', () => {
    const Input =
      '{"at":"<aws.scheduler.scheduled-time>","try":<aws.scheduler.attempt-number>,"x":"<other>"}';
    request('POST', '/schedules/context', schedule({ Target: { ...target, Input } }));
    const { Input: _, ...bare } = target;
    request('POST', '/schedules/event', schedule({ Target: bare }));
    vi.advanceTimersByTime(3 * minute);

    expect(called.map(({ input }) => JSON.parse(input))).toEqual([
      { at: '2026-11-25T17:32:00Z', try: 1, x: '<other>' },
      expect.objectContaining({
        source: 'aws.scheduler',
        'detail-type': 'Scheduled Event',
        resources: ['arn:aws:scheduler:eu-central-1:000000000000:schedule/default/event'],
      }),
    ]);
  });

  test('that is disabled or updated runs as it is now', () => {
    request('POST', '/schedules/one', schedule());
    request('PUT', '/schedules/one', schedule({ State: 'DISABLED' }));
    vi.advanceTimersByTime(5 * minute);
    expect(called).toEqual([]);

    request('PUT', '/schedules/one', schedule({ ScheduleExpression: 'at(2026-11-25T17:40:00)' }));
    vi.advanceTimersByTime(10 * minute);
    expect(times()).toEqual(['2026-11-25T17:40:00.000Z']);
  });

  test('that fell due while nobody ran runs once at the next start', () => {
    request('POST', '/schedules/once', schedule());
    scheduler.close();
    vi.advanceTimersByTime(30 * minute);
    open();
    scheduler.start();
    vi.advanceTimersByTime(minute);
    expect(called).toHaveLength(1);
  });
});

describe('a run that its target does not take', () => {
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:eu-central-1:000000000000:dead' };

  test('is tried again, also by the next process', () => {
    fault = new AwsError('ThrottlingException', 'Rate exceeded', 429);
    request('POST', '/schedules/one', schedule());
    vi.advanceTimersByTime(2 * minute);
    expect(called).toEqual([]);

    scheduler.close();
    fault = undefined;
    open();
    scheduler.start();
    vi.advanceTimersByTime(2 * minute);
    expect(called).toHaveLength(1);
  });

  test('leaves nothing behind of what it did before it failed', () => {
    scheduler.close();
    const kept = () => store.db.prepare('SELECT * FROM kept').all();
    store.db.exec('CREATE TABLE kept (attempt TEXT)');
    scheduler = createScheduler({
      store,
      place,
      callTarget(to, input) {
        store.db.prepare('INSERT INTO kept VALUES (?)').run(input);
        if (fault) throw fault;
        called.push({ target: to, input, at: '', groupArn: '' });
      },
      bury() {},
    });
    scheduler.start();
    fault = new AwsError('ThrottlingException', 'Rate exceeded', 429);
    const Input = '<aws.scheduler.attempt-number>';
    request('POST', '/schedules/one', schedule({ Target: { ...target, Input } }));
    vi.advanceTimersByTime(2 * minute);
    expect(kept()).toEqual([]);

    fault = undefined;
    vi.advanceTimersByTime(2 * minute);
    expect(kept()).toEqual([{ attempt: called[0]?.input }]);
    expect(Number(called[0]?.input)).toBeGreaterThan(1);
  });

  test('goes to the dead letters when its retries are used up, or at once when it is hopeless', () => {
    const RetryPolicy = { MaximumRetryAttempts: 2 };
    fault = new AwsError('ThrottlingException', 'Rate exceeded', 429);
    request('POST', '/schedules/one', schedule({ Target: { ...target, DeadLetterConfig, RetryPolicy } }));
    vi.advanceTimersByTime(3 * minute);
    expect(buried).toEqual([
      {
        queueArn: DeadLetterConfig.Arn,
        body: '{"remind":1}',
        attributes: {
          ERROR_CODE: 'ThrottlingException',
          ERROR_MESSAGE: 'Rate exceeded',
          EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
          IS_PAYLOAD_TRUNCATED: 'false',
          RETRY_ATTEMPTS: '2',
          SCHEDULED_TIME: '2026-11-25T17:32:00Z',
          SCHEDULE_ARN: 'arn:aws:scheduler:eu-central-1:000000000000:schedule/default/one',
          TARGET_ARN: queue,
        },
      },
    ]);

    fault = new AwsError('AccessDenied', 'not you', 403);
    const soon = { ScheduleExpression: 'at(2026-11-25T17:35:00)' };
    request('POST', '/schedules/two', schedule({ ...soon, Target: { ...target, DeadLetterConfig } }));
    vi.advanceTimersByTime(3 * minute);
    expect(buried[1]?.attributes).toMatchObject({ ERROR_CODE: 'AccessDenied', RETRY_ATTEMPTS: '0' });
    expect(buried[1]?.attributes.EXHAUSTED_RETRY_CONDITION).toBeUndefined();
  });
});

describe('the API', () => {
  test('creates, describes, lists by pages and deletes', () => {
    request('POST', '/schedule-groups/tasks');
    const { ScheduleArn } = request('POST', '/schedules/a', schedule({ GroupName: 'tasks' }));
    expect(ScheduleArn).toBe('arn:aws:scheduler:eu-central-1:000000000000:schedule/tasks/a');
    for (const name of ['b', 'c']) request('POST', `/schedules/${name}`, schedule());

    expect(request('GET', '/schedules/a?groupName=tasks')).toEqual({
      ...schedule(),
      Arn: ScheduleArn,
      Name: 'a',
      GroupName: 'tasks',
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
      ScheduleExpressionTimezone: 'UTC',
      CreationDate: Date.now() / 1000,
      LastModificationDate: Date.now() / 1000,
    });
    const first = request('GET', '/schedules?MaxResults=2');
    expect(first.Schedules).toMatchObject([{ Name: 'b', Target: { Arn: queue } }, { Name: 'c' }]);
    const second = request('GET', `/schedules?MaxResults=2&NextToken=${first.NextToken}`);
    expect(second).toMatchObject({ Schedules: [{ Name: 'a' }] });
    expect(second.NextToken).toBeUndefined();
    expect(request('GET', '/schedules?ScheduleGroup=tasks').Schedules).toHaveLength(1);
    expect(request('GET', '/schedule-groups').ScheduleGroups).toMatchObject([
      { Name: 'default' },
      { Name: 'tasks' },
    ]);

    request('DELETE', '/schedule-groups/tasks');
    expect(() => request('GET', '/schedules/a?groupName=tasks')).toThrow('tasks/a does not exist');
  });

  test('answers a retry of a creation, and refuses another one of the name', () => {
    const body = schedule({ ClientToken: 'once' });
    request('POST', '/schedules/a', body);
    expect(request('POST', '/schedules/a', body)).toEqual({ ScheduleArn: expect.any(String) });
    expect(() => request('POST', '/schedules/a', schedule())).toThrow('Schedule a already exists');
  });

  test.each([
    [{ ScheduleExpression: 'at(noon)' }, 'Invalid Schedule Expression at(noon)'],
    [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'FlexibleTimeWindow.MaximumWindowInMinutes'],
    [{ Target: { Arn: queue } }, 'Target.RoleArn'],
    [
      { Target: { ...target, Arn: `${queue}.fifo` } },
      'a standard queue, a function, an event bus or an action',
    ],
    [
      { Target: { ...target, Arn: 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances' } },
      'ec2 is not a supported',
    ],
    [
      { Target: { ...target, Arn: 'arn:aws:events:eu-central-1:000000000000:event-bus/crm' } },
      'EventBridgeParameters are required',
    ],
    [{ GroupName: 'none' }, 'Schedule group none does not exist'],
    [{ Unknown: 1 }, 'Unknown'],
    [{ StartDate: 2, EndDate: 1 }, 'EndDate must come after StartDate'],
  ])('refuses %j', (more, message) => {
    expect(() => request('POST', '/schedules/a', schedule(more))).toThrow(message);
  });

  test('refuses what there is not', () => {
    expect(() => request('GET', '/schedules/none')).toThrow('Schedule default/none does not exist');
    expect(() => request('PUT', '/schedules/none', schedule())).toThrow('does not exist');
    expect(() => request('PATCH', '/schedules/none')).toThrow('is not run here');
    expect(() => request('DELETE', '/schedule-groups/default')).toThrow('cannot be deleted');
  });
});

test('a store of an older version has groups without tags', () => {
  scheduler.close();
  store = openStore();
  store.db.exec(`CREATE TABLE scheduler_groups (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL);
    INSERT INTO scheduler_groups VALUES ('tasks', 1000)`);
  open();

  const group = { Name: 'tasks', CreationDate: 1, LastModificationDate: 1 };
  expect(request('GET', '/schedule-groups/tasks')).toMatchObject(group);
  const arn = encodeURIComponent('arn:aws:scheduler:eu-central-1:000000000000:schedule-group/tasks');
  expect(request('GET', `/tags/${arn}`)).toEqual({ Tags: [] });
});

test('a group of a template has its tags, and those it has now after it was deployed again', () => {
  const tagsOf = (arn: string) => request('GET', `/tags/${encodeURIComponent(arn)}`).Tags;
  const first = scheduler.deployGroup('tasks', [{ Key: 'team', Value: 'crm' }]);
  vi.advanceTimersByTime(minute);
  expect(scheduler.deployGroup('tasks', [{ Key: 'team', Value: 'crm' }])).toEqual(first);

  const second = scheduler.deployGroup('tasks', [{ Key: 'stage', Value: 'test' }]);
  expect(second.modifiedAt).toBe(first.modifiedAt + minute);
  expect(tagsOf(second.arn)).toEqual([{ Key: 'stage', Value: 'test' }]);
  expect(() => scheduler.deployGroup('tasks', [{ Key: 'aws:x', Value: 'y' }])).toThrow(
    'Tags.0.Key is not valid: a key does not begin with aws:',
  );
});

test('a schedule that no template has any more is gone at the next start', () => {
  scheduler.deploySchedule({ Name: 'old', ...schedule() });
  request('POST', '/schedules/own', schedule());
  scheduler.close();
  open();
  scheduler.deployGroup('tasks');
  scheduler.deploySchedule({ Name: 'new', GroupName: 'tasks', ...schedule() });
  scheduler.start();
  expect(request('GET', '/schedules').Schedules).toMatchObject([{ Name: 'own' }, { Name: 'new' }]);
});

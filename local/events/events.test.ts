import { beforeEach, describe, expect, it } from 'vitest';
import { AwsError, type Caller } from '../aws.ts';
import { createSqs, type Sqs } from '../sqs/sqs.ts';
import { openStore, type Store } from '../store.ts';
import { createEventBridge, type EventBridge } from './events.ts';

const place = { region: 'eu-central-1', accountId: '000000000000' };
const caller: Caller = {
  accessKeyId: 'AKID',
  arn: 'arn:aws:iam::000000000000:user/admin',
  accountId: '000000000000',
};
const now = Date.parse('2026-01-02T03:04:05.678Z');

let store: Store;
let sqs: Sqs;
let events: EventBridge;
let queue: string;
let dead: string;
let deny: string | undefined;

beforeEach(() => {
  store = openStore();
  sqs = createSqs({ store, place, endpoint: '' });
  queue = sqs.createQueue('work').arn;
  dead = sqs.createQueue('dead').arn;
  deny = undefined;
  events = createEventBridge({
    store,
    place,
    now: () => now,
    deliver(queueArn, body, { attributes }) {
      if (queueArn === deny) throw new AwsError('AccessDenied', 'The queue policy does not allow it.', 403);
      sqs.send(queueArn, body, attributes && { attributes });
    },
  });
  events.createBus('crm');
  events.putRule({
    name: 'placed',
    busName: 'crm',
    eventPattern: { 'detail-type': ['order.placed'] },
    targets: [{ id: 'work', arn: queue, deadLetterArn: dead }],
  });
});

interface Answer {
  readonly FailedEntryCount: number;
  readonly Entries: { EventId?: string; ErrorCode?: string; ErrorMessage?: string }[];
}

const call = (action: string, input: Record<string, unknown>) => events.call(action, input, caller);
const entry = (more: object = {}) => ({
  EventBusName: 'crm',
  Source: 'shop',
  DetailType: 'order.placed',
  Detail: '{"total": 1}',
  ...more,
});
const put = (...Entries: unknown[]) => call('PutEvents', { Entries }) as Answer;
const received = (arn = queue) => sqs.receive(arn, 10).map(({ body }) => JSON.parse(body));

function codeOf(action: string, input: Record<string, unknown>): string {
  try {
    call(action, input);
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('PutEvents', () => {
  it('delivers the whole event before it answers', () => {
    const answer = put(entry({ Resources: ['r'], Time: 1_700_000_000 }));
    expect(answer).toEqual({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
    });
    expect(received()).toEqual([
      {
        version: '0',
        id: answer.Entries[0]?.EventId,
        'detail-type': 'order.placed',
        source: 'shop',
        account: '000000000000',
        time: '2023-11-14T22:13:20Z',
        region: 'eu-central-1',
        resources: ['r'],
        detail: { total: 1 },
      },
    ]);
  });

  it('gives an event without a time the present one', () => {
    put(entry());
    expect(received()).toMatchObject([{ time: '2026-01-02T03:04:05Z', resources: [] }]);
  });

  it.each([{ toString: 1 }, 1e308, 'soon', true])('refuses an event whose time is %j', (Time) => {
    expect(put(entry({ Time } as never))).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('is no time') }],
    });
  });

  it('takes the ARN of a bus for its name', () => {
    put(entry({ EventBusName: 'arn:aws:events:eu-central-1:000000000000:event-bus/crm' }));
    expect(received()).toHaveLength(1);
  });

  it('delivers nothing of another type, bus or of a rule that is switched off', () => {
    put(
      entry({ DetailType: 'order.cancelled' }),
      entry({ EventBusName: undefined }),
      entry({ EventBusName: 'none' }),
    );
    expect(received()).toEqual([]);
    events.putRule({
      name: 'placed',
      busName: 'crm',
      eventPattern: '{"source":["shop"]}',
      state: 'DISABLED',
      targets: [],
    });
    put(entry());
    expect(received()).toEqual([]);
  });

  it('answers each entry by itself', () => {
    const answer = put(
      entry({ Source: undefined }),
      entry(),
      entry({ DetailType: '' }),
      entry({ Detail: undefined }),
      entry({ Detail: '[1]' }),
      entry({ Detail: '{' }),
      entry({ Source: 'aws.ec2' }),
      entry({ DetailType: 'x'.repeat(129) }),
    );
    expect(answer.FailedEntryCount).toBe(7);
    expect(answer.Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'InvalidArgument',
      undefined,
      'InvalidArgument',
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
    expect(answer.Entries[0]?.ErrorMessage).toBe(
      'Parameter Source is not valid. Reason: Source is a required argument.',
    );
    expect(received()).toHaveLength(1);
  });

  it('refuses no entries, 11 entries and more than 1 MiB', () => {
    const big = entry({ Detail: JSON.stringify({ text: 'x'.repeat(600_000) }) });
    expect(codeOf('PutEvents', { Entries: [] })).toBe('ValidationException');
    expect(codeOf('PutEvents', { Entries: Array.from({ length: 11 }, () => entry()) })).toBe(
      'ValidationException',
    );
    expect(codeOf('PutEvents', { Entries: [big, big] })).toBe('ValidationException');
    expect(received()).toEqual([]);
    expect(codeOf('PutEvents', { Entries: [big] })).toBe('no error');
  });

  it('puts what a queue does not take into the dead-letter queue with the reason', () => {
    deny = queue;
    expect(put(entry()).FailedEntryCount).toBe(0);
    const [letter] = sqs.receive(dead, 10);
    expect(JSON.parse(letter?.body ?? '')).toMatchObject({ detail: { total: 1 } });
    expect(letter?.attributes).toMatchObject({
      RULE_ARN: {
        DataType: 'String',
        StringValue: 'arn:aws:events:eu-central-1:000000000000:rule/crm/placed',
      },
      TARGET_ARN: { StringValue: queue },
      ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
      ERROR_MESSAGE: { StringValue: 'The queue policy does not allow it.' },
    });
  });

  it('goes on with the other targets when one fails', () => {
    const gone = `${queue}-gone`;
    const other = sqs.createQueue('other').arn;
    events.putRule({
      name: 'two',
      busName: 'crm',
      eventPattern: { source: ['shop'] },
      targets: [
        { id: '1', arn: gone },
        { id: '2', arn: other, inputPath: '$.detail' },
      ],
    });
    put(entry());
    expect(received(other)).toEqual([{ total: 1 }]);
  });

  it('undoes all deliveries of a request when one of them breaks', () => {
    const broken = createEventBridge({
      store,
      place,
      deliver(queueArn, body) {
        sqs.send(queueArn, body);
        if (body.includes('"total":2')) throw new TypeError('broken');
      },
    });
    broken.putRule({ name: 'all', eventPattern: { source: ['shop'] }, targets: [{ id: '1', arn: queue }] });
    const Entries = [1, 2].map((total) =>
      entry({ EventBusName: 'default', Detail: JSON.stringify({ total }) }),
    );
    expect(() => broken.call('PutEvents', { Entries }, caller)).toThrow('broken');
    expect(received()).toEqual([]);
  });
});

describe('buses and rules', () => {
  it('are listed and described', () => {
    expect(call('ListEventBuses', {})).toEqual({
      EventBuses: [
        { Name: 'default', Arn: 'arn:aws:events:eu-central-1:000000000000:event-bus/default' },
        { Name: 'crm', Arn: 'arn:aws:events:eu-central-1:000000000000:event-bus/crm' },
      ],
    });
    expect(call('DescribeEventBus', { Name: 'crm' })).toMatchObject({ Name: 'crm' });
    const rule = {
      Name: 'placed',
      Arn: 'arn:aws:events:eu-central-1:000000000000:rule/crm/placed',
      EventPattern: '{"detail-type":["order.placed"]}',
      State: 'ENABLED',
      EventBusName: 'crm',
    };
    expect(call('ListRules', { EventBusName: 'crm' })).toEqual({ Rules: [rule] });
    expect(call('ListRules', { EventBusName: 'crm', NamePrefix: 'x' })).toEqual({ Rules: [] });
    expect(call('DescribeRule', { EventBusName: 'crm', Name: 'placed' })).toEqual(rule);
    expect(call('ListTargetsByRule', { EventBusName: 'crm', Rule: 'placed' })).toEqual({
      Targets: [{ Id: 'work', Arn: queue, DeadLetterConfig: { Arn: dead } }],
    });
  });

  it.each([
    ['DescribeEventBus', { Name: 'none' }],
    ['ListRules', { EventBusName: 'none' }],
    ['DescribeRule', { EventBusName: 'crm', Name: 'none' }],
  ])('that do not exist are an error of %s', (action, input) => {
    expect(codeOf(action, input)).toBe('ResourceNotFoundException');
  });

  it('are replaced by name', () => {
    events.putRule({
      name: 'placed',
      busName: 'crm',
      eventPattern: { source: ['else'] },
      targets: [{ id: '1', arn: queue }],
    });
    put(entry());
    expect(received()).toEqual([]);
  });

  it('are refused with what is wrong about them', () => {
    const rule = { name: 'r', busName: 'crm', eventPattern: { source: ['shop'] }, targets: [] };
    expect(() => events.putRule({ ...rule, eventPattern: { source: 'shop' } })).toThrow(
      /Event pattern is not valid/,
    );
    expect(() => events.putRule({ ...rule, eventPattern: '{' })).toThrow(/Event pattern is not valid/);
    expect(() => events.putRule({ ...rule, eventPattern: { source: ['x'.repeat(4096)] } })).toThrow(/4096/);
    expect(() => events.putRule({ ...rule, busName: 'none' })).toThrow(/none does not exist/);
    expect(() => events.putRule({ ...rule, name: 'no spaces' })).toThrow(/no spaces/);
    const topic = 'arn:aws:sns:eu-central-1:000000000000:t';
    expect(() => events.putRule({ ...rule, targets: [{ id: '1', arn: topic }] })).toThrow(
      /Put a queue before/,
    );
    expect(() => events.putRule({ ...rule, targets: [{ id: '1', arn: queue, inputPath: 'x' }] })).toThrow(
      /JSON path/,
    );
  });
});

describe('TestEventPattern', () => {
  it('says whether an event matches', () => {
    const EventPattern = '{"source":["shop"]}';
    expect(call('TestEventPattern', { EventPattern, Event: '{"source":"shop"}' })).toEqual({ Result: true });
    expect(call('TestEventPattern', { EventPattern, Event: '{"source":"x"}' })).toEqual({ Result: false });
    expect(events.matches({ source: ['shop'] }, { source: 'shop' })).toBe(true);
  });

  it('refuses what is no pattern or no event', () => {
    expect(codeOf('TestEventPattern', { EventPattern: '[]', Event: '{}' })).toBe(
      'InvalidEventPatternException',
    );
    expect(codeOf('TestEventPattern', { EventPattern: '{"a":[1]}', Event: '5' })).toBe('ValidationException');
    expect(codeOf('TestEventPattern', { EventPattern: '{"a":[1]}' })).toBe('ValidationException');
    expect(() => call('PutTargets', {})).toThrow('PutTargets');
  });
});

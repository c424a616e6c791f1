import { expect, test } from 'vitest';
import type { HeardCall } from '../../local/gateway/heard.ts';
import type { Decision } from '../../local/iam/access.ts';
import type { Invocation } from '../../local/lambda/pool.ts';
import { createMeter, entriesOfCall, entriesOfDecision } from './meter.ts';

const session = 'arn:aws:sts::111111111111:assumed-role/Role/relay';
const admin = 'arn:aws:iam::111111111111:user/admin';

const call = (service: string, action: string, facts: Partial<HeardCall> = {}, arn = session): HeardCall => ({
  ...{ service, action, input: {}, answer: {} },
  caller: { accessKeyId: 'key', arn, accountId: '111111111111' },
  ...facts,
});
const consumed = (...units: number[]) => ({
  answer: { ConsumedCapacity: units.map((CapacityUnits) => ({ CapacityUnits })) },
});
const decision = (action: string, resource: string, facts: Partial<Decision> = {}): Decision => ({
  ...{ action, resource, keys: {}, allowed: true },
  principal: { kind: 'session', sessionArn: session, roleArn: 'role' },
  ...facts,
});
const bus = { kind: 'service', service: 'events.amazonaws.com', sourceArn: 'rule' } as const;
const queueArn = 'arn:aws:sqs:eu-west-2:111111111111:ScoringIncomingQueue';

test.each([
  ['GetItem', 'read'],
  ['Query', 'read'],
  ['BatchGetItem', 'read'],
  ['PutItem', 'write'],
  ['TransactWriteItems', 'write'],
] as const)('%s takes units to %s, of all tables together', (action, what) => {
  expect(entriesOfCall(call('dynamodb', action, consumed(1, 2.5)))).toEqual([
    { by: 'relay', what, amount: 3.5 },
  ]);
});

test('what the administrator looks at is not counted', () => {
  expect(entriesOfCall(call('dynamodb', 'GetItem', consumed(1), admin))).toEqual([]);
});

test('each event counts, by the bus that it is put on', () => {
  const Entries = [{ EventBusName: 'fidelia-demo' }, { EventBusName: 'fidelia-demo-partner-carrier' }];

  expect(entriesOfCall(call('events', 'PutEvents', { input: { Entries } })).map(({ what }) => what)).toEqual([
    'published',
    'shared',
  ]);
  expect(entriesOfCall(call('events', 'ListRules'))).toEqual([]);
});

test.each([
  ['message', decision('sqs:SendMessage', queueArn, { principal: bus })],
  ['signal', decision('appsync:GraphQL', 'arn:aws:appsync:r:1:apis/a/types/Mutation/fields/_publish')],
  ['mail', decision('ses:SendEmail', 'arn:aws:ses:r:1:identity/demo.example')],
])('IAM is asked for each %s', (what, asked) => {
  expect(entriesOfDecision(asked)).toMatchObject([{ what, amount: 1 }]);
  expect(entriesOfDecision({ ...asked, allowed: false })).toEqual([]);
});

test('the message of a schedule is not that of an operation', () => {
  const asked = decision('sqs:SendMessage', 'arn:aws:sqs:r:1:LifecycleIncomingQueue', { principal: bus });

  expect(entriesOfDecision(asked)[0]?.by).toBe('lifecycle');
});

test('what IAM is asked for a call that is counted elsewhere does not count twice', () => {
  expect(entriesOfDecision(decision('dynamodb:PutItem', 'table'))).toEqual([]);
});

const invocation = (event: object) => ({ event: JSON.stringify(event) }) as Invocation;

test('a batch counts its records, a request itself, and the last record of the stream is known', () => {
  const meter = createMeter('100');

  meter.hooks.observe('customers', invocation({ arguments: {} }));
  meter.hooks.observe('scoring', invocation({ Records: [{ body: '1' }, { body: '2' }] }));
  expect(meter.lastRecord()).toBe('100');
  meter.hooks.observe('relay', invocation({ Records: [{ dynamodb: { SequenceNumber: '101' } }] }));

  expect(meter.take().map(({ amount }) => amount)).toEqual([1, 2, 1]);
  expect(meter.take()).toEqual([]);
  expect(meter.total('delivery', 'scoring')).toBe(2);
  expect(meter.lastRecord()).toBe('101');
});

test('a meter is still while nothing happens but what nobody counts', () => {
  const meter = createMeter();
  const before = meter.moves();

  meter.hooks.hear(call('sqs', 'GetQueueAttributes', {}, admin));
  expect(meter.moves()).toBe(before);
  meter.hooks.hear(call('dynamodb', 'GetItem', consumed(1)));

  expect(meter.moves()).toBeGreaterThan(before);
});

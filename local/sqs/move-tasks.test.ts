import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AwsError, type Caller } from '../aws.ts';
import { openStore } from '../store.ts';
import { createSqs, type Sqs } from './sqs.ts';

const caller: Caller = { accessKeyId: 'AK', arn: 'arn:aws:iam::000000000000:user/admin', accountId: '0' };
const place = { region: 'eu-central-1', accountId: '000000000000' };

let sqs: Sqs;
let dead: { arn: string; url: string };
let work: { arn: string; url: string };
let other: { arn: string; url: string };
beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  sqs = createSqs({ store: openStore(), place, endpoint: 'http://127.0.0.1:4001' });
  dead = sqs.createQueue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  work = sqs.createQueue('work', { RedrivePolicy, VisibilityTimeout: '0' });
  other = sqs.createQueue('other');
});
afterEach(() => {
  sqs.close();
  vi.useRealTimers();
});

const call = (action: string, input: Record<string, unknown>) =>
  sqs.call(action, input, caller) as Record<string, unknown>;

/** Lets messages fail until they lie among the dead letters. */
function fail(count: number): void {
  for (let index = 0; index < count; index++) sqs.send(work.arn, `message ${index}`);
  for (let index = 0; index < count; index++) sqs.receive(work.arn, 10);
  expect(visible(dead.url)).toBe(count);
}

function visible(QueueUrl: string): number {
  const { Attributes } = call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  return Number((Attributes as Record<string, string>).ApproximateNumberOfMessages);
}

const tasks = (more: object = {}) => call('ListMessageMoveTasks', { SourceArn: dead.arn, ...more }).Results;

function codeOf(action: string, input: Record<string, unknown>): string {
  try {
    call(action, input);
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
  return 'no error';
}

test('dead letters go back to where they came from, as new messages', () => {
  fail(3);
  expect(call('ListDeadLetterSourceQueues', { QueueUrl: dead.url })).toEqual({ queueUrls: [work.url] });

  expect(call('StartMessageMoveTask', { SourceArn: dead.arn })).toEqual({ TaskHandle: expect.any(String) });

  expect(visible(dead.url)).toBe(0);
  const [back] = sqs.receive(work.arn, 1);
  expect(back).toMatchObject({ body: 'message 0', receiveCount: 1 });
  expect(tasks()).toEqual([
    {
      Status: 'COMPLETED',
      SourceArn: dead.arn,
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: 1_700_000_000_000,
    },
  ]);
});

test('dead letters go to the queue that is named, and more than one batch of them', () => {
  for (let index = 0; index < 2500; index++) sqs.send(dead.arn, 'sent');

  call('StartMessageMoveTask', { SourceArn: dead.arn, DestinationArn: other.arn });

  expect(visible(other.url)).toBe(2500);
  expect(tasks()).toMatchObject([{ DestinationArn: other.arn, ApproximateNumberOfMessagesMoved: 2500 }]);
});

test('a task with a rate moves so many a second, and nothing more once it is cancelled', () => {
  fail(7);
  const input = { SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 2 };

  const { TaskHandle } = call('StartMessageMoveTask', input);
  vi.advanceTimersByTime(1000);

  expect(tasks()).toMatchObject([
    { TaskHandle, Status: 'RUNNING', MaxNumberOfMessagesPerSecond: 2, ApproximateNumberOfMessagesMoved: 4 },
  ]);
  expect(codeOf('StartMessageMoveTask', input)).toBe('UnsupportedOperation');
  expect(call('CancelMessageMoveTask', { TaskHandle })).toEqual({ ApproximateNumberOfMessagesMoved: 4 });
  vi.advanceTimersByTime(10_000);
  expect(visible(dead.url)).toBe(3);
  expect(codeOf('CancelMessageMoveTask', { TaskHandle })).toBe('UnsupportedOperation');

  call('StartMessageMoveTask', input);
  vi.advanceTimersByTime(2000);
  expect(tasks({ MaxResults: 10 })).toMatchObject([{ Status: 'COMPLETED' }, { Status: 'CANCELLED' }]);
  expect(visible(dead.url)).toBe(0);
});

test('a task fails at a message that no redrive policy brought, and the message stays', () => {
  sqs.send(dead.arn, 'sent by hand');

  call('StartMessageMoveTask', { SourceArn: dead.arn });

  expect(tasks()).toMatchObject([
    {
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
      ApproximateNumberOfMessagesMoved: 0,
    },
  ]);
  expect(visible(dead.url)).toBe(1);
});

test.each([
  ['StartMessageMoveTask', { SourceArn: 'work' }, 'InvalidParameterValue'],
  ['StartMessageMoveTask', { SourceArn: 'none' }, 'ResourceNotFoundException'],
  ['StartMessageMoveTask', {}, 'MissingParameter'],
  ['StartMessageMoveTask', { SourceArn: 'dead', DestinationArn: 'dead' }, 'InvalidParameterValue'],
  ['StartMessageMoveTask', { SourceArn: 'dead', DestinationArn: 'none' }, 'ResourceNotFoundException'],
  ['StartMessageMoveTask', { SourceArn: 'dead', MaxNumberOfMessagesPerSecond: 501 }, 'InvalidParameterValue'],
  ['ListMessageMoveTasks', { SourceArn: 'work' }, 'InvalidParameterValue'],
  ['ListMessageMoveTasks', { SourceArn: 'dead', MaxResults: 11 }, 'InvalidParameterValue'],
  ['CancelMessageMoveTask', { TaskHandle: 'x' }, 'ResourceNotFoundException'],
])('%s of %o is refused with %s', (action, input, code) => {
  const arns = Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      name.endsWith('Arn') ? `arn:aws:sqs:eu-central-1:000000000000:${value}` : value,
    ]),
  );

  expect(codeOf(action, arns)).toBe(code);
});
